// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::AnswerSource;

namespace {

constexpr char kName[] = "www.example.com";
constexpr char kOld[] = "192.0.2.1";
constexpr char kNew[] = "192.0.2.2";

} // namespace

/// Popular answers are asked anew before they expire. With 90 % and so short a life, any moment
/// of it is the time to do so.
class TestEnginePrefetch : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        m_test->config.cache.prefetch.hits = 2;
        m_test->config.cache.prefetch.percentage = 90;
        m_test->answerWith([](Message& m) { addAddress(m, kOld, 4); });
    }
    void cleanup() { m_test.reset(); }

    void onceAndNobodyWaits_data() {
        QTest::addColumn<bool>("tcp");
        QTest::newRow("UDP") << false;
        QTest::newRow("TCP") << true;
    }
    void onceAndNobodyWaits() {
        QFETCH(bool, tcp);
        const auto askOnce = [&] {
            const Message query = makeQuery(kName);
            return tcp ? m_test->askTcp(query) : m_test->ask(query);
        };
        QVERIFY(m_test->start());
        QVERIFY(hasAddress(askOnce(), kOld));
        m_test->answerWith({}); // from the zones
        m_test->setScript([](ServerScript& s) { s.byName[kName].delay = 1500ms; });
        QVERIFY(hasAddress(askOnce(), kOld));
        QCOMPARE(m_test->engine().statistics().prefetches, std::uint64_t{0});
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 50; ++i)
            QVERIFY(hasAddress(askOnce(), kOld));
        QVERIFY2(timer.elapsed() < 1400, "nobody waited for the upstream");
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.queries.size() == 2; }));
        QTRY_VERIFY(hasAddress(askOnce(), "192.0.2.80"));
        QCOMPARE(m_test->allQueries(), std::size_t{2});
        const auto statistics = m_test->engine().statistics();
        QCOMPARE(statistics.prefetches, std::uint64_t{1});
        QCOMPARE(statistics.cacheMisses, std::uint64_t{1});
        QCOMPARE(statistics.staleAnswers, std::uint64_t{0});
        QCOMPARE(statistics.coalesced, std::uint64_t{0});
    }

    void aPopularNameNeverExpires() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask(kName));
        QTRY_VERIFY_WITH_TIMEOUT(hasAddress(m_test->ask(kName), kOld) && m_test->allQueries() >= 5,
                                 10'000);
        QCOMPARE(m_test->engine().statistics().cacheMisses, std::uint64_t{1});
        std::vector<sotto::engine::QueryRecord> records;
        m_test->engine().readRecords(records);
        for (std::size_t i = 1; i < records.size(); ++i)
            QVERIFY(records[i].source == AnswerSource::Cache);
    }

    void fewHitsAreNotEnough() {
        m_test->config.cache.prefetch.hits = 10;
        QVERIFY(m_test->start());
        for (int i = 0; i < 10; ++i)
            QVERIFY(m_test->ask(kName)); // a miss and nine hits
        QCOMPARE(m_test->engine().statistics().prefetches, std::uint64_t{0});
        QVERIFY(m_test->ask(kName));
        QTRY_COMPARE(m_test->allQueries(), std::size_t{2});
    }

    void notBeforeItsTime() {
        m_test->config.cache.prefetch.percentage = 10;
        m_test->answerWith([](Message& m) { addAddress(m, kOld, 300); });
        QVERIFY(m_test->start());
        for (int i = 0; i < 50; ++i)
            QVERIFY(m_test->ask(kName));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QCOMPARE(m_test->engine().statistics().prefetches, std::uint64_t{0});
        m_test->config.cache.prefetch.percentage = 90;
        m_test->answerWith([](Message& m) { addAddress(m, kOld, 1); });
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 10; ++i) {
            QVERIFY(m_test->ask(kName));               // its last 270 s are far away
            QVERIFY(m_test->ask("other.example.com")); // all of its one second is the end
        }
        QTRY_VERIFY(m_test->ask("other.example.com") &&
                    m_test->queriesFor("other.example.com") >= 2);
        QCOMPARE(m_test->queriesFor(kName), std::size_t{1});
    }

    void aFailureDoesNotShadowTheAnswer_data() {
        QTest::addColumn<bool>("isReachable");
        QTest::newRow("SERVFAIL") << true;
        QTest::newRow("unreachable") << false;
    }
    void aFailureDoesNotShadowTheAnswer() {
        QFETCH(bool, isReachable);
        m_test->answerWith([](Message& m) { addAddress(m, kOld, 300); });
        m_test->config.cache.positiveTtlCap = 5s;
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask(kName));
        m_test->answerWith([](Message& m) { m.rcode = rcode::kServFail; });
        if (!isReachable)
            m_test->server().stop();
        QVERIFY(m_test->ask(kName) && m_test->ask(kName));
        QTRY_VERIFY(m_test->engine().statistics().prefetches == 1);
        if (isReachable)
            QTRY_COMPARE(m_test->allQueries(), std::size_t{2});
        else
            QTRY_VERIFY(m_test->engine().statistics().upstreamFailures > 0);
        for (int i = 0; i < 10; ++i) {
            const auto reply = m_test->ask(kName, rr::kA, withEdns());
            QVERIFY(hasAddress(reply, kOld));
            QVERIFY(!extendedError(*reply));
        }
        QCOMPARE(m_test->engine().statistics().prefetches, std::uint64_t{1});
        QTRY_VERIFY_WITH_TIMEOUT(m_test->ask(kName) &&
                                     m_test->ask(kName)->rcode == rcode::kServFail,
                                 8000); // it expires all the same
    }

    void aDenialTakesItsPlace() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask(kName));
        m_test->answerWith([](Message& m) { denyName(m, 300); });
        QTRY_VERIFY(m_test->ask(kName) && m_test->ask(kName)->rcode == rcode::kNxDomain);
        QCOMPARE(m_test->engine().statistics().cacheMisses, std::uint64_t{1});
    }

    void switchedAtRunTime() {
        m_test->config.cache.prefetch.hits = 0;
        QVERIFY(m_test->start());
        for (int i = 0; i < 10; ++i)
            QVERIFY(m_test->ask(kName));
        QCOMPARE(m_test->engine().statistics().prefetches, std::uint64_t{0});
        m_test->answerWith([](Message& m) { addAddress(m, kNew, 300); });
        m_test->config.cache.prefetch.hits = 3;
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->ask(kName));
        QTRY_VERIFY(hasAddress(m_test->ask(kName), kNew));
    }

    void whileForwardingIsOffNothingIsAsked() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask(kName));
        m_test->config.forwarding = false;
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 10; ++i)
            QVERIFY(m_test->ask(kName)->rcode == rcode::kRefused);
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QCOMPARE(m_test->engine().statistics().prefetches, std::uint64_t{0});
    }

    void aClientThatWaitsJoinsTheRefresh() {
        m_test->answerWith([](Message& m) { addAddress(m, kOld, 1); });
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask(kName));
        m_test->answerWith({});
        m_test->setScript([](ServerScript& s) { s.byName[kName].delay = 900ms; });
        // The last hits of its one second start the refresh; those after it wait for that answer.
        std::optional<Message> reply;
        QVERIFY(m_test->ask(kName) && m_test->ask(kName));
        QTRY_VERIFY(hasAddress(reply, "192.0.2.80") || (reply = m_test->ask(kName), false));
        QCOMPARE(m_test->allQueries(), std::size_t{2});
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEnginePrefetch)
#include "test_engine_prefetch.moc"
