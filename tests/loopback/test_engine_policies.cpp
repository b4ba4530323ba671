// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

#include <map>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::Policy;

namespace {

constexpr std::size_t kServers = 3;

} // namespace

/// Which upstream is asked, and which answer is given.
class TestEnginePolicies : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(kServers); }
    void cleanup() { m_test.reset(); }

    void shares_data() {
        QTest::addColumn<int>("policy");
        QTest::newRow("sequential") << int(Policy::Sequential);
        QTest::newRow("round robin") << int(Policy::RoundRobin);
        QTest::newRow("random") << int(Policy::Random);
        QTest::newRow("fastest") << int(Policy::Fastest);
        QTest::newRow("race") << int(Policy::Race);
        QTest::newRow("hashed") << int(Policy::Hashed);
    }
    void shares() {
        QFETCH(int, policy);
        m_test->config.policy = static_cast<Policy>(policy);
        if (m_test->config.policy == Policy::Fastest || m_test->config.policy == Policy::Race)
            m_test->setBehaviour([](Behaviour& b) { b.delay = 60ms; }, 1);
        QVERIFY(m_test->start());
        const auto names = [this](int from) {
            for (int i = 0; i < 60; ++i)
                if (!m_test->answers(from + i))
                    return false;
            return true;
        };
        QVERIFY(names(0));
        std::vector<std::size_t> shares;
        for (std::size_t i = 0; i < kServers; ++i)
            shares.push_back(m_test->allQueries(i));
        switch (m_test->config.policy) {
        case Policy::Sequential:
            QCOMPARE(shares, (std::vector<std::size_t>{60, 0, 0}));
            break;
        case Policy::RoundRobin:
            QCOMPARE(shares, (std::vector<std::size_t>{20, 20, 20}));
            break;
        case Policy::Random:
            QVERIFY(shares[0] > 5 && shares[1] > 5 && shares[2] > 5);
            break;
        case Policy::Fastest:
        case Policy::Race: // the slow one is left after a few looks
            QVERIFY2(shares[1] < 15, qPrintable(QString::number(shares[1])));
            break;
        case Policy::Hashed: // one registrable domain: one upstream
            QVERIFY(std::count(shares.begin(), shares.end(), std::size_t{60}) == 1);
            break;
        }
        for (std::size_t i = 0; i < kServers - 1; ++i) { // any of them may go
            m_test->server(i).stop();
            QVERIFY(names(60 + 60 * int(i)));
        }
    }

    void hashedSpreadsDomainsAndKeepsEach() {
        m_test->config.policy = Policy::Hashed;
        for (std::size_t i = 0; i < kServers; ++i)
            m_test->answerWith([](Message& m) { addAddress(m, "192.0.2.1", 300); }, i);
        for (std::uint8_t i = 0; i < 16; ++i)
            m_test->config.forward.salt[i] = i;
        QVERIFY(m_test->start());
        std::map<int, std::size_t> home;
        std::vector<int> homes(kServers);
        for (int domain = 0; domain < 30; ++domain) {
            for (const char* host : {"www", "mail", "a.b.c"}) {
                const std::string name =
                    std::string(host) + ".domain" + std::to_string(domain) + ".co.uk";
                QVERIFY(hasAddress(m_test->ask(name), "192.0.2.1"));
                const std::size_t at = whoSaw(name);
                QCOMPARE(home.emplace(domain, at).first->second, at);
            }
            ++homes[home[domain]];
        }
        for (const int share : homes)
            QVERIFY(share > 2);
        // Failing over: the others take what was its; what was theirs stays.
        const std::size_t gone = home[0];
        m_test->server(gone).stop();
        for (int domain = 0; domain < 30; ++domain) {
            const std::string name = "new.domain" + std::to_string(domain) + ".co.uk";
            QVERIFY(hasAddress(m_test->ask(name), "192.0.2.1"));
            if (home[domain] != gone)
                QCOMPARE(whoSaw(name), home[domain]);
        }
    }

    void hashedFollowsTheSalt() {
        m_test->config.policy = Policy::Hashed;
        for (std::size_t i = 0; i < kServers; ++i)
            m_test->answerWith([](Message& m) { addAddress(m, "192.0.2.1", 300); }, i);
        QVERIFY(m_test->start());
        std::vector<std::vector<std::size_t>> orders;
        for (std::uint8_t salt = 1; salt <= 2; ++salt) {
            m_test->config.forward.salt.fill(salt);
            QVERIFY(m_test->reconfigure());
            m_test->engine().flushCache();
            for (std::size_t i = 0; i < kServers; ++i)
                m_test->server(i).forgetObservations();
            orders.emplace_back();
            for (int domain = 0; domain < 40; ++domain) {
                const std::string name = "domain" + std::to_string(domain) + ".com";
                QVERIFY(m_test->ask(name));
                orders.back().push_back(whoSaw(name));
            }
        }
        QVERIFY(orders[0] != orders[1]);
    }

    void failover_data() {
        QTest::addColumn<int>("rcode");
        QTest::addColumn<bool>("listed");
        for (const int code : {1, 2, 4, 5})
            QTest::addRow("%d, as it comes", code) << code << true;
        QTest::newRow("3, listed") << 3 << true;
        for (const int code : {1, 2, 3, 4, 5})
            QTest::addRow("%d, not listed", code) << code << false;
    }
    void failover() {
        QFETCH(int, rcode);
        QFETCH(bool, listed);
        auto& codes = m_test->config.forward.failover;
        const auto code = static_cast<std::uint8_t>(rcode);
        if (!listed)
            std::erase(codes, code);
        else if (rcode == 3)
            codes.push_back(code);
        m_test->setBehaviour([&](Behaviour& b) { b.rcode = code; });
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply);
        QCOMPARE(int(reply->rcode), listed ? 0 : rcode);
        QCOMPARE(hasAddress(reply, "192.0.2.80"), listed);
        QCOMPARE(m_test->queriesFor("www.example.com", 0, 1), std::size_t{listed ? 1U : 0U});
    }

    void theFirstFailureIsTheLastResort_data() {
        QTest::addColumn<QList<int>>("codes");
        QTest::addColumn<int>("given");
        QTest::newRow("all alike") << QList<int>{5, 5, 5} << 5;
        QTest::newRow("refused first") << QList<int>{5, 2, 4} << 5;
        QTest::newRow("failed first") << QList<int>{2, 5, 5} << 2;
        QTest::newRow("the last one denies") << QList<int>{2, 5, 3} << 3;
    }
    void theFirstFailureIsTheLastResort() {
        QFETCH(QList<int>, codes);
        QFETCH(int, given);
        for (std::size_t i = 0; i < kServers; ++i) {
            const auto code = static_cast<std::uint16_t>(codes[int(i)]);
            if (code == rcode::kNxDomain)
                m_test->answerWith([](Message& m) { denyName(m, 60); }, i);
            else
                m_test->setBehaviour([code](Behaviour& b) { b.rcode = code; }, i);
        }
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply);
        QCOMPARE(int(reply->rcode), given);
        for (std::size_t i = 0; i < kServers; ++i)
            QCOMPARE(m_test->queriesFor("www.example.com", 0, i), std::size_t{1});
    }

    /// Out of 40 answers one comes half a second late; the other upstream then answers instead.
    void raceCutsTheTail_data() {
        QTest::addColumn<int>("policy");
        QTest::newRow("race") << int(Policy::Race);
        QTest::newRow("fastest") << int(Policy::Fastest);
    }
    void raceCutsTheTail() {
        QFETCH(int, policy);
        m_test = std::make_unique<EngineUnderTest>(2);
        m_test->config.policy = static_cast<Policy>(policy);
        const bool races = m_test->config.policy == Policy::Race;
        for (std::size_t i = 0; i < 2; ++i)
            m_test->setScript(
                [](ServerScript& s) {
                    s.behaviour.delay = 500ms;
                    s.behaviour.every = 40;
                },
                i);
        QVERIFY(m_test->start());
        int late = 0;
        constexpr int kQueries = 400;
        for (int i = 0; i < kQueries; ++i) {
            if (i % 200 == 0)
                m_test->engine().flushCache();
            QElapsedTimer timer;
            timer.start();
            QVERIFY(m_test->answers(i % 200));
            late += timer.elapsed() > 450;
        }
        const auto statistics = m_test->engine().statistics();
        const std::size_t sent = m_test->allQueries(0) + m_test->allQueries(1);
        if (!races) {
            QVERIFY(late >= 5);
            QCOMPARE(statistics.racedQueries, std::uint64_t{0});
            return;
        }
        QVERIFY2(late <= 4, qPrintable(QString::number(late)));
        QVERIFY(statistics.racedQueries > 0);
        QVERIFY2(sent <= kQueries * 108 / 100, qPrintable(QString::number(sent)));
    }

    void raceKeepsToItsShare_data() {
        QTest::addColumn<double>("share");
        QTest::newRow("none") << 0.0;
        QTest::newRow("5 %") << 0.05;
        QTest::newRow("20 %") << 0.2;
    }
    /// Half of the answers are late, far more than may be asked twice.
    void raceKeepsToItsShare() {
        QFETCH(double, share);
        m_test = std::make_unique<EngineUnderTest>(2);
        m_test->config.policy = Policy::Race;
        m_test->config.forward.raceShare = share;
        for (std::size_t i = 0; i < 2; ++i)
            m_test->setScript(
                [](ServerScript& s) {
                    s.behaviour.delay = 40ms;
                    s.behaviour.every = 2;
                },
                i);
        QVERIFY(m_test->start());
        constexpr int kQueries = 200;
        for (int i = 0; i < kQueries; ++i)
            QVERIFY(m_test->answers(i));
        const auto raced = m_test->engine().statistics().racedQueries;
        QVERIFY2(double(raced) <= kQueries * share + 12, qPrintable(QString::number(raced)));
        if (share == 0)
            QCOMPARE(raced, std::uint64_t{0});
        const std::size_t sent = m_test->allQueries(0) + m_test->allQueries(1);
        QVERIFY(sent <= kQueries + raced + 4);
    }

    void racedAttemptsAreMarked() {
        m_test = std::make_unique<EngineUnderTest>(2);
        m_test->config.policy = Policy::Race;
        m_test->config.forward.raceShare = 1; // whatever a busy machine spent before
        QVERIFY(m_test->start());
        // Whose usual time is not known is late against nothing.
        const auto isKnown = [&](std::size_t server) { return m_test->allQueries(server) > 0; };
        for (int i = 0; i < 1000 && (i < 60 || !isKnown(0) || !isKnown(1)); ++i) {
            m_test->engine().flushCache();
            QVERIFY(m_test->answers(i % 100));
        }
        m_test->setScript([](ServerScript& s) { s.byName["slow.example.com"].delay = 1s; });
        std::vector<sotto::engine::QueryRecord> records;
        // Only the first server is slow, so ask until it was first; that may be by exploring alone.
        for (int i = 0; i < 1000 && m_test->queriesFor("slow.example.com", 0, 0) == 0; ++i) {
            records.clear();
            m_test->engine().readRecords(records); // makes room for the next ones
            m_test->engine().flushCache();
            QVERIFY(hasAddress(m_test->ask("slow.example.com"), "192.0.2.9"));
        }
        m_test->engine().readRecords(records);
        const auto raced = std::find_if(records.begin(), records.end(), [](const auto& record) {
            return record.attemptCount == 2 && record.attempts[1].raced;
        });
        QVERIFY(raced != records.end());
        QVERIFY(raced->attempts[1].outcome == sotto::engine::AttemptOutcome::Answered);
        QVERIFY(!raced->attempts[0].raced);
        QCOMPARE(raced->upstreamId, raced->attempts[1].upstreamId);
    }

    void onlyRealCodesFailOver() {
        m_test->config.forward.failover = {0};
        QVERIFY(!sotto::engine::Engine::start(m_test->config, {}).ok());
    }

private:
    /// The server that was asked for the name.
    std::size_t whoSaw(const std::string& name) const {
        for (std::size_t i = 0; i < kServers; ++i)
            if (m_test->queriesFor(name, 0, i) > 0)
                return i;
        return kServers;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEnginePolicies)
#include "test_engine_policies.moc"
