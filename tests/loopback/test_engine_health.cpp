// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using State = sotto::engine::UpstreamStatus::State;

namespace {

/// The connection ends with every query that is sent: such a server is of no use.
void endOnQuery(Behaviour& behaviour) {
    behaviour.drop = true;
    behaviour.ending = Behaviour::Ending::Reset;
}

} // namespace

/// Upstreams go down by failures of real queries, and come back by probes that are sent only while
/// somebody asks.
class TestEngineHealth : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(2); }
    void cleanup() { m_test.reset(); }

    void failuresInARowTakeItDown_data() {
        QTest::addColumn<int>("maxFails");
        QTest::newRow("1") << 1;
        QTest::newRow("2") << 2;
        QTest::newRow("5") << 5;
        QTest::newRow("never") << 0;
    }
    void failuresInARowTakeItDown() {
        QFETCH(int, maxFails);
        m_test->config.forward.maxFails = unsigned(maxFails);
        m_test->config.forward.healthCheck.interval = 60s;
        m_test->setBehaviour(endOnQuery);
        QVERIFY(m_test->start());
        for (int i = 0; i < 20; ++i)
            QVERIFY(m_test->answers(i));
        std::size_t asked = 0;
        for (int i = 0; i < 20; ++i)
            asked += m_test->queriesFor(numberedName(i));
        if (maxFails == 0) { // but for the pauses between connections
            QVERIFY2(asked > 5, qPrintable(QString::number(asked)));
            return;
        }
        QCOMPARE(asked, std::size_t(maxFails));
        QVERIFY(m_test->status().state == State::Failing);
    }

    void anAnswerStartsTheCountAnew() {
        m_test->config.forward.maxFails = 3;
        m_test->config.forward.healthCheck.interval = 60s;
        m_test->setScript([](ServerScript& s) {
            s.closeAfterAnswers = 1;
            endOnQuery(s.behaviour);
            s.behaviour.every = 2;
        });
        QVERIFY(m_test->start());
        for (int i = 0; i < 20; ++i)
            QVERIFY(m_test->answers(i));
        // Some are sent into a connection that is closing; down, it would get three.
        QVERIFY2(m_test->allQueries(0) >= 10, qPrintable(QString::number(m_test->allQueries(0))));
    }

    void healthChecks_data() {
        QTest::addColumn<QString>("domain");
        QTest::addColumn<bool>("recursion");
        QTest::newRow("the root") << QString(".") << true;
        QTest::newRow("a domain, without RD") << QString("health.example.com") << false;
    }
    void healthChecks() {
        QFETCH(QString, domain);
        QFETCH(bool, recursion);
        auto& check = m_test->config.forward.healthCheck;
        check.interval = 100ms;
        check.domain = domain.toStdString();
        check.recursionDesired = recursion;
        m_test->config.forward.maxFails = 1;
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        m_test->config.forward.readTimeout = 100ms;
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        QTRY_VERIFY(m_test->status().state == State::Failing);
        QVERIFY(askUntil([&] { return m_test->queriesFor(check.domain) > 0; }));
        const Observations seen = m_test->server().observations();
        const SeenQuery* probe = seen.firstFor(check.domain);
        QCOMPARE(probe->type(), rr::kNs);
        QCOMPARE(probe->message->recursionDesired, recursion);
        QVERIFY(probe->paddingLength()); // it looks like any other query
        QCOMPARE(probe->raw.size() % 128, std::size_t{0});

        m_test->setBehaviour([](Behaviour&) {});
        QVERIFY(askUntil([&] { return m_test->status().state != State::Failing; }));
        const std::size_t before = m_test->queriesFor(check.domain);
        QVERIFY(askUntil([&] { return m_test->allQueries() > before + 20; }));
        QCOMPARE(m_test->queriesFor(check.domain), before); // none while it is up
        QCOMPARE(m_test->queriesFor(check.domain, 0, 1), std::size_t{0});
    }

    /// With nobody asking there is no probe: a laptop must sleep.
    void nobodyAsksNobodyProbes() {
        QVERIFY(startFailing());
        QElapsedTimer quiet;
        quiet.start();
        std::size_t before = m_test->allQueries();
        std::size_t connections = m_test->server().observations().connections.size();
        bool settled = false;
        // One probe may have been under way; then there must be none for a while.
        while (quiet.elapsed() < 2000) {
            const std::size_t now = m_test->allQueries();
            const std::size_t open = m_test->server().observations().connections.size();
            if (!settled && quiet.elapsed() > 800) {
                settled = true;
                before = now;
                connections = open;
            }
            QVERIFY(!settled || (now == before && open == connections));
            QTest::qWait(20);
        }
    }

    void probesBackOff() {
        QVERIFY(startFailing());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(askUntil([&] { return timer.elapsed() > 2500; }));
        const std::size_t asked = m_test->allQueries();
        QVERIFY2(asked >= 3 && asked <= 15, qPrintable(QString::number(asked))); // not 50
    }

    void handshakesWithoutAnAnswerBackOff_data() {
        QTest::addColumn<int>("atOnce");
        QTest::newRow("one after the other") << 1;
        QTest::newRow("25 at once") << 25;
    }
    /// Who shakes hands and answers nothing is not connected to for each query.
    void handshakesWithoutAnAnswerBackOff() {
        QFETCH(int, atOnce);
        m_test = std::make_unique<EngineUnderTest>(1);
        m_test->config.cache.failureTtl = 0s;
        m_test->setBehaviour(endOnQuery);
        QVERIFY(m_test->start());
        QElapsedTimer timer;
        timer.start();
        for (int round = 0; round < 100 / atOnce; ++round) {
            std::vector<std::unique_ptr<UdpClient>> clients;
            for (int i = 0; i < atOnce; ++i) {
                clients.push_back(std::make_unique<UdpClient>(m_test->port()));
                QVERIFY(clients.back()->send(makeQuery(numberedName(round * atOnce + i))));
            }
            for (const auto& client : clients) {
                const auto reply = client->receive();
                QVERIFY(reply && reply->message && reply->message->rcode == rcode::kServFail);
            }
        }
        const std::size_t made = m_test->server().observations().connections.size();
        const std::size_t most = 20 + std::size_t(timer.elapsed()) / 100;
        QVERIFY2(made <= most, qPrintable(QString("%1 > %2").arg(made).arg(most)));
        m_test->setBehaviour([](Behaviour&) {});
        QTRY_VERIFY(m_test->answers(200));
        QVERIFY(m_test->status().state == State::Ready);
    }

    void failfast_data() {
        QTest::addColumn<bool>("failfast");
        QTest::newRow("on") << true;
        QTest::newRow("off") << false;
    }
    void failfast() {
        QFETCH(bool, failfast);
        m_test->config.forward.failfastAllUnhealthy = failfast;
        m_test->config.forward.maxFails = 1;
        m_test->config.forward.healthCheck.interval = 1s;
        m_test->config.cache.failureTtl = 0s;
        for (std::size_t i = 0; i < 2; ++i)
            m_test->setBehaviour(endOnQuery, i);
        QVERIFY(m_test->start());
        for (int i = 0; i < 4; ++i)
            QVERIFY(m_test->ask(numberedName(i))->rcode == rcode::kServFail);
        QTRY_VERIFY(m_test->status(0).state == State::Failing &&
                    m_test->status(1).state == State::Failing);
        const auto reply = m_test->ask("n9.example.com", rr::kA, withEdns());
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        const auto record = m_test->recordFor("n9.example.com");
        QVERIFY(record);
        const bool wasTold = record->rule == sotto::engine::LocalRule::AllUpstreamsDown;
        QCOMPARE(wasTold, failfast);
        const auto timesAsked = [&] {
            return m_test->queriesFor("n9.example.com") +
                   m_test->queriesFor("n9.example.com", 0, 1);
        };
        if (failfast)
            QCOMPARE(timesAsked(), std::size_t{0});
        for (int i = 0; !failfast && timesAsked() == 0; ++i) { // once a connection may be made
            QVERIFY(i < 50);
            QTest::qWait(50);
            m_test->ask("n9.example.com", rr::kA, withEdns());
        }
        // One that is well again must be found in either case.
        for (std::size_t i = 0; i < 2; ++i)
            m_test->setBehaviour([](Behaviour&) {}, i);
        QVERIFY(askUntil([&] { return m_test->answers(200); }));
    }

    void aServerThatIsBackIsFirstAgain() {
        m_test->config.forward.healthCheck.interval = 50ms;
        m_test->server().stop();
        QVERIFY(m_test->start());
        QVERIFY(m_test->askMany(10));
        QVERIFY(m_test->server().start());
        QVERIFY(askUntil([&] { return m_test->status().state == State::Ready; }));
        const std::size_t other = m_test->allQueries(1);
        QVERIFY(m_test->answers(240) && m_test->answers(241));
        QCOMPARE(m_test->allQueries(1), other);
    }

    void manyAtOnceAreRefused_data() {
        QTest::addColumn<int>("most");
        QTest::newRow("3") << 3;
        QTest::newRow("no limit") << 0;
    }
    void manyAtOnceAreRefused() {
        QFETCH(int, most);
        m_test->config.forward.maxConcurrent = unsigned(most);
        m_test->setBehaviour([](Behaviour& b) { b.delay = 1s; });
        QVERIFY(m_test->start());
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < 20; ++i) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery(numberedName(i), rr::kA, withEdns())));
        }
        int refused = 0;
        for (const auto& client : clients) {
            const auto reply = client->receive();
            QVERIFY(reply && reply->message);
            refused += reply->message->rcode == rcode::kRefused;
        }
        QCOMPARE(refused, most == 0 ? 0 : 20 - most);
        QCOMPARE(m_test->engine().statistics().tooManyAtOnce, std::uint64_t(refused));
        QVERIFY(m_test->answers(0)); // from the cache or not: the room is free again
        QVERIFY(m_test->answers(50));
        if (most == 0)
            return;
        std::vector<sotto::engine::QueryRecord> records;
        std::ptrdiff_t told = 0;
        QTRY_VERIFY((m_test->engine().readRecords(records),
                     told = std::count_if(records.begin(), records.end(),
                                          [](const auto& record) {
                                              return record.rule ==
                                                     sotto::engine::LocalRule::TooManyAtOnce;
                                          }),
                     told == refused));
    }

    void readTimeout_data() {
        QTest::addColumn<int>("milliseconds");
        QTest::newRow("150 ms") << 150;
        QTest::newRow("700 ms") << 700;
    }
    /// Without an answer for so long another one is asked as well, and whoever is first wins.
    void readTimeout() {
        QFETCH(int, milliseconds);
        m_test->config.forward.readTimeout = std::chrono::milliseconds(milliseconds);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0) && m_test->answers(1));
        m_test->setScript([](ServerScript& s) { s.byName["slow.example.com"].delay = 3s; });
        QElapsedTimer timer;
        timer.start();
        QVERIFY(hasAddress(m_test->ask("slow.example.com"), "192.0.2.9"));
        const qint64 took = timer.elapsed();
        QVERIFY2(took >= milliseconds - 20 && took < milliseconds + 800,
                 qPrintable(QString::number(took)));
        QCOMPARE(m_test->queriesFor("slow.example.com", 0, 0), std::size_t{1});
        QCOMPARE(m_test->queriesFor("slow.example.com", 0, 1), std::size_t{1});
    }

private:
    /// Starts with a first server that fails, and is to be probed every 50 ms at first.
    bool startFailing() {
        m_test->config.forward.healthCheck.interval = 50ms;
        m_test->config.forward.maxFails = 1;
        m_test->setBehaviour(endOnQuery);
        return m_test->start() && m_test->answers(0) &&
               QTest::qWaitFor([&] { return m_test->status().state == State::Failing; });
    }

    /// Keeps asking until it holds; false where it does not within ten seconds or an answer fails
    /// for good.
    bool askUntil(const std::function<bool()>& holds) {
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; timer.elapsed() < 10'000; ++i) {
            if (holds())
                return true;
            m_test->engine().flushCache();
            m_test->ask(numberedName(100 + i % 100), rr::kA, {}, 3s);
        }
        return false;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineHealth)
#include "test_engine_health.moc"
