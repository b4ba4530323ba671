// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::AnswerSource;
using Mode = sotto::engine::CacheConfig::Stale::Mode;

namespace {

constexpr std::uint16_t kStaleAnswer = 3;
constexpr std::uint16_t kStaleNxDomain = 19;
constexpr std::uint16_t kNoReachableAuthority = 22;
constexpr std::uint16_t kNetworkError = 23;
constexpr std::uint32_t kStaleTtl = 17;
constexpr char kName[] = "www.example.com";
constexpr char kOld[] = "192.0.2.1";
constexpr char kNew[] = "192.0.2.2";

/// What an upstream can do to be of no use.
enum class Trouble { ServFail, Refused, Garbage, Truncated, Closes, Stopped };

bool isStale(const std::optional<Message>& reply, std::uint16_t code = kStaleAnswer) {
    return reply && extendedError(*reply) == code;
}

} // namespace

Q_DECLARE_METATYPE(Trouble)

/// Expired answers as a help in need (RFC 8767).
class TestEngineStale : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        auto& stale = m_test->config.cache.stale;
        stale.enabled = true;
        stale.answerTtl = std::chrono::seconds(kStaleTtl);
        m_test->config.cache.failureTtl = 1s;
    }
    void cleanup() { m_test.reset(); }

    void offByDefault() {
        m_test->config.cache.stale = {};
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(ask() && ask()->rcode == rcode::kServFail);
        QVERIFY(ask()->answers.empty());
        make(Trouble::Stopped);
        QTRY_VERIFY(ask() && extendedError(*ask()) == kNetworkError);
        QCOMPARE(m_test->engine().statistics().staleAnswers, std::uint64_t{0});
    }

    void whenTheUpstreamsFail_data() {
        QTest::addColumn<Trouble>("trouble");
        QTest::newRow("SERVFAIL") << Trouble::ServFail;
        QTest::newRow("REFUSED") << Trouble::Refused;
        QTest::newRow("garbage") << Trouble::Garbage;
        QTest::newRow("truncated over TLS") << Trouble::Truncated;
        QTest::newRow("closes every connection") << Trouble::Closes;
        QTest::newRow("refuses to connect") << Trouble::Stopped;
    }
    void whenTheUpstreamsFail() {
        QFETCH(Trouble, trouble);
        keepOldAnswer();
        make(trouble);
        QTRY_VERIFY(isStale(ask()));
        QueryOptions options = withEdns();
        options.edns->dnssecOk = false;
        options.authenticData = true;
        const Message query = makeQuery("WWW.Example.com", rr::kA, options);
        for (const auto& reply : {m_test->ask(query), m_test->askTcp(query)}) {
            QVERIFY(hasAddress(reply, kOld));
            QVERIFY(isStale(reply) && !extendedErrorText(*reply).empty());
            QCOMPARE(reply->rcode, rcode::kNoError);
            QCOMPARE(reply->id, query.id);
            QVERIFY(reply->questions == query.questions);
            QCOMPARE(reply->answers[0].ttl, kStaleTtl);
            QVERIFY(!reply->authenticData); // it was, when it was fresh
        }
        const auto plain = m_test->ask(kName); // speaks no EDNS
        QVERIFY(hasAddress(plain, kOld) && !plain->edns);
    }

    void aDenialIsMarkedAsOne() {
        keepOldAnswer([](Message& m) { denyName(m, 1); });
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask(), kStaleNxDomain));
        const auto reply = ask();
        QCOMPARE(reply->rcode, rcode::kNxDomain);
        QCOMPARE(reply->authorities.size(), std::size_t{1});
        QCOMPARE(reply->authorities[0].ttl, kStaleTtl);
    }

    void whenTheUpstreamsAreSilent() {
        constexpr int kNames = 3;
        m_test->answerWith([](Message& m) { addAddress(m, kOld, 1); });
        QVERIFY(m_test->start());
        for (int i = 0; i < kNames; ++i)
            QVERIFY(m_test->ask(numberedName(i)));
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        m_test->answerWith({});
        qint64 quickest = 10'000;
        for (int i = 0; i < kNames; ++i) {
            qint64 took = 0;
            QVERIFY(hasAddress(askUntilStale(numberedName(i), took), kOld));
            if (i == 0)
                QVERIFY2(took > 1500, "the upstreams are given their time");
            quickest = std::min(quickest, took);
            // The question is still on its way: who comes later does not wait.
            QVERIFY(isStale(timedAsk(numberedName(i), took)));
            QVERIFY2(took < 1500, qPrintable(QString::number(took)));
        }
        QVERIFY2(quickest < 3000, qPrintable(QString::number(quickest)));
    }

    void aLateAnswerIsKept() {
        m_test->config.cache.stale.verifyTimeout = 200ms;
        keepOldAnswer();
        m_test->answerWith([](Message& m) { addAddress(m, kNew, 300); });
        m_test->setBehaviour([](Behaviour& b) { b.delay = 700ms; });
        qint64 took = 0;
        QVERIFY(hasAddress(askUntilStale(kName, took), kOld));
        QTRY_VERIFY(hasAddress(ask(), kNew));
        QVERIFY(!isStale(ask()));
        QCOMPARE(m_test->allQueries(), std::size_t{2});
    }

    void withoutATimeTheUpstreamsEndIsAwaited() {
        m_test->config.cache.stale.verifyTimeout = 0ms;
        keepOldAnswer();
        m_test->answerWith({});
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        qint64 took = 0;
        QVERIFY(hasAddress(askUntilStale(kName, took), kOld));
        QVERIFY2(took > 2500, qPrintable(QString::number(took)));
    }

    void allWhoWaitGetIt() {
        constexpr int kClients = 50;
        keepOldAnswer();
        const auto another = [&] { return m_test->ask("other.example.com"); };
        QVERIFY(another());
        QTRY_VERIFY(another() && m_test->queriesFor("other.example.com") >= 2); // both expired
        m_test->answerWith({});
        m_test->setBehaviour([](Behaviour& b) {
            b.rcode = rcode::kServFail;
            b.delay = 300ms;
        });
        std::vector<std::unique_ptr<UdpClient>> clients;
        std::vector<Message> queries;
        for (int i = 0; i < kClients; ++i) {
            queries.push_back(makeQuery(i % 2 ? kName : "WWW.example.COM", rr::kA, withEdns()));
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(queries.back()));
        }
        for (int i = 0; i < kClients; ++i) {
            const auto reply = clients[std::size_t(i)]->receive();
            QVERIFY(reply && isStale(reply->message) && hasAddress(reply->message, kOld));
            QCOMPARE(reply->message->id, queries[std::size_t(i)].id);
            QVERIFY(reply->message->questions == queries[std::size_t(i)].questions);
        }
        QCOMPARE(m_test->queriesFor(kName), std::size_t{2});
    }

    void whatIsNewReplacesItAtOnce_data() {
        QTest::addColumn<bool>("denied");
        QTest::addColumn<Mode>("mode");
        QTest::newRow("an address, verified") << false << Mode::Verify;
        QTest::newRow("NXDOMAIN, verified") << true << Mode::Verify;
        QTest::newRow("an address, at once") << false << Mode::Immediate;
        QTest::newRow("NXDOMAIN, at once") << true << Mode::Immediate;
    }
    void whatIsNewReplacesItAtOnce() {
        QFETCH(bool, denied);
        QFETCH(Mode, mode);
        m_test->config.cache.stale.mode = mode;
        m_test->config.cache.stale.recheck = 0s;
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask()));
        m_test->answerWith([=](Message& m) {
            if (denied)
                denyName(m, 300);
            else
                addAddress(m, kNew, 300);
        });
        const auto isNew = [&](const std::optional<Message>& reply) {
            return reply && !extendedError(*reply) &&
                   (denied ? reply->rcode == rcode::kNxDomain : hasAddress(reply, kNew));
        };
        QTRY_VERIFY(isNew(ask())); // once they are asked again
        make(Trouble::ServFail);
        for (int i = 0; i < 3; ++i)
            QVERIFY(isNew(ask())); // for as long as it is fresh
    }

    void atOnceNobodyWaits() {
        m_test->config.cache.stale.mode = Mode::Immediate;
        keepOldAnswer();
        m_test->answerWith({});
        m_test->setScript([](ServerScript& s) { s.byName[kName].delay = 1500ms; });
        qint64 took = 0;
        QVERIFY(hasAddress(askUntilStale(kName, took), kOld));
        QVERIFY2(took < 1300, qPrintable(QString::number(took)));
        for (int i = 0; i < 50; ++i)
            QVERIFY(isStale(ask()));
        QTRY_VERIFY(hasAddress(ask(), "192.0.2.80"));
        QVERIFY(!isStale(ask()));
        QCOMPARE(m_test->allQueries(), std::size_t{2});
        QCOMPARE(m_test->engine().statistics().prefetches, std::uint64_t{1});
    }

    void aFailureLeavesTheUpstreamsAlone_data() {
        QTest::addColumn<Mode>("mode");
        QTest::addColumn<Trouble>("trouble");
        QTest::newRow("verified, SERVFAIL") << Mode::Verify << Trouble::ServFail;
        QTest::newRow("verified, unreachable") << Mode::Verify << Trouble::Stopped;
        QTest::newRow("at once, SERVFAIL") << Mode::Immediate << Trouble::ServFail;
        QTest::newRow("at once, unreachable") << Mode::Immediate << Trouble::Stopped;
    }
    void aFailureLeavesTheUpstreamsAlone() {
        QFETCH(Mode, mode);
        QFETCH(Trouble, trouble);
        m_test->config.cache.stale.mode = mode;
        m_test->config.cache.stale.recheck = 1h;
        keepOldAnswer();
        make(trouble);
        QTRY_VERIFY(isStale(ask()));
        const auto failures = [&] { return m_test->engine().statistics().upstreamFailures; };
        if (mode == Mode::Immediate && trouble == Trouble::Stopped)
            QTRY_VERIFY(failures() > 0); // in the background
        const std::size_t asked = m_test->allQueries();
        if (trouble == Trouble::ServFail && mode == Mode::Immediate)
            QTRY_COMPARE(m_test->allQueries(), std::size_t{2});
        const std::uint64_t failed = failures();
        for (int i = 0; i < 20; ++i) {
            qint64 took = 0;
            QVERIFY(isStale(timedAsk(kName, took)));
            QVERIFY2(took < 500, qPrintable(QString::number(took)));
        }
        QCOMPARE(failures(), failed);
        QVERIFY(m_test->allQueries() <= std::max<std::size_t>(asked, 2));
    }

    void whoCouldNotBeReachedIsTriedAgainSoon_data() {
        QTest::addColumn<Mode>("mode");
        QTest::newRow("verified") << Mode::Verify;
        QTest::newRow("at once") << Mode::Immediate;
    }
    void whoCouldNotBeReachedIsTriedAgainSoon() {
        QFETCH(Mode, mode);
        m_test->config.cache.stale.mode = mode;
        m_test->config.cache.stale.recheck = 1h; // is for those who answer that they failed
        keepOldAnswer();
        make(Trouble::Stopped);
        QTRY_VERIFY(isStale(ask()));
        m_test->answerWith([](Message& m) { addAddress(m, kNew, 300); });
        QVERIFY(m_test->server().start());
        QTRY_VERIFY(hasAddress(ask(), kNew));
    }

    void afterTheRecheckTimeTheyAreAskedAgain() {
        m_test->config.cache.stale.recheck = 1s;
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask()));
        QTRY_VERIFY(isStale(ask()) && m_test->allQueries() >= 4);
        m_test->answerWith([](Message& m) { addAddress(m, kNew, 300); });
        QTRY_VERIFY(hasAddress(ask(), kNew));
    }

    void itIsKeptNoLongerThanWanted() {
        m_test->config.cache.stale.keep = 1s;
        m_test->config.cache.stale.recheck = 1h;
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask()));
        QTRY_VERIFY(ask() && ask()->rcode == rcode::kServFail);
        QVERIFY(ask()->answers.empty() && !isStale(ask()));
    }

    void aPositiveAnswerCanBePreferred_data() {
        QTest::addColumn<bool>("preferPositive");
        QTest::newRow("preferred") << true;
        QTest::newRow("not preferred") << false;
    }
    void aPositiveAnswerCanBePreferred() {
        QFETCH(bool, preferPositive);
        m_test->config.cache.stale.preferPositive = preferPositive;
        keepOldAnswer();
        m_test->answerWith([](Message& m) { denyName(m, 300); });
        QTRY_VERIFY(ask() && m_test->allQueries() == 2);
        for (int i = 0; i < 5; ++i) {
            const auto reply = ask();
            QVERIFY(reply);
            QCOMPARE(reply->rcode, preferPositive ? rcode::kNoError : rcode::kNxDomain);
            QCOMPARE(isStale(reply), preferPositive);
            QCOMPARE(hasAddress(reply, kOld), preferPositive);
        }
        QCOMPARE(m_test->allQueries(), std::size_t{2}); // the denial counts for its lifetime
    }

    void doAndCdAreApart() {
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask()));
        QueryOptions options = withEdns();
        options.edns->dnssecOk = true;
        auto reply = m_test->ask(kName, rr::kA, options);
        QVERIFY(reply && reply->rcode == rcode::kServFail && reply->answers.empty());
        options = withEdns();
        options.checkingDisabled = true;
        reply = m_test->ask(kName, rr::kA, options);
        QVERIFY(reply && reply->rcode == rcode::kServFail && reply->answers.empty());
    }

    void whatWasForgottenDoesNotComeBack() {
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask()));
        QCOMPARE(m_test->engine().flushCache(), std::size_t{1});
        const auto reply = ask();
        QVERIFY(reply && reply->rcode == rcode::kServFail && reply->answers.empty());
    }

    void forgottenWhileItIsLate() {
        m_test->config.cache.stale.verifyTimeout = 200ms;
        keepOldAnswer();
        m_test->answerWith({});
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        QTRY_VERIFY(isStale(ask()));
        m_test->engine().flushCache();
        const auto reply = m_test->ask(kName, rr::kA, withEdns(), 8s);
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QVERIFY(extendedError(*reply) == kNoReachableAuthority);
    }

    void switchedOffItRefusesAsAlways() {
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask()));
        m_test->config.cache.stale.enabled = false;
        QVERIFY(m_test->reconfigure());
        auto reply = ask();
        QVERIFY(reply && reply->rcode == rcode::kServFail && reply->answers.empty());
        m_test->config.forwarding = false;
        m_test->config.cache.stale.enabled = true;
        QVERIFY(m_test->reconfigure());
        reply = ask();
        QVERIFY(reply && reply->rcode == rcode::kRefused && reply->answers.empty());
    }

    void theLogAndTheStatisticsTell() {
        m_test->config.cache.stale.recheck = 1h;
        keepOldAnswer();
        make(Trouble::ServFail);
        QTRY_VERIFY(isStale(ask()));
        const auto before = m_test->engine().statistics();
        std::vector<sotto::engine::QueryRecord> records;
        // A record may come a moment after its answer.
        QTRY_COMPARE((m_test->engine().readRecords(records), records.size()), before.queries());
        records.clear();
        QVERIFY(isStale(ask()));
        QVERIFY(isStale(m_test->askTcp(makeQuery(kName, rr::kA, withEdns()))));
        QVERIFY(m_test->ask(kName));
        const auto after = m_test->engine().statistics();
        QCOMPARE(after.staleAnswers, before.staleAnswers + 3);
        QCOMPARE(after.cacheHits, before.cacheHits + 3);
        QCOMPARE(after.cacheMisses, before.cacheMisses);
        QTRY_VERIFY((m_test->engine().readRecords(records), records.size() >= 3));
        int explained = 0;
        for (const auto& record : records) {
            QVERIFY(record.source == AnswerSource::Stale);
            QCOMPARE(int(record.rcode), 0);
            explained += record.extendedError == kStaleAnswer ? 1 : 0;
        }
        QCOMPARE(explained, 2); // who speaks no EDNS was not told
    }

private:
    /// Starts, and has an answer kept for a second.
    void keepOldAnswer(const std::function<void(Message&)>& change = {}) {
        m_test->answerWith([change](Message& m) {
            m.authenticData = true;
            if (change)
                change(m);
            else
                addAddress(m, kOld, 1);
        });
        QVERIFY(m_test->start());
        const auto reply = ask();
        QVERIFY(reply && !extendedError(*reply));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }
    void make(Trouble trouble) {
        m_test->answerWith({});
        switch (trouble) {
        case Trouble::ServFail:
            return m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kServFail; });
        case Trouble::Refused:
            return m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kRefused; });
        case Trouble::Garbage:
            return m_test->setBehaviour([](Behaviour& b) { b.raw = Bytes(40, 0xc0); });
        case Trouble::Truncated:
            return m_test->setBehaviour([](Behaviour& b) { b.truncated = true; });
        case Trouble::Closes:
            return m_test->setScript([](ServerScript& s) {
                s.atAccept = ServerScript::AtAccept::Close;
                s.behaviour.drop = true;
                s.behaviour.ending = Behaviour::Ending::Close;
            });
        case Trouble::Stopped:
            return m_test->server().stop();
        }
    }
    std::optional<Message> ask() { return m_test->ask(kName, rr::kA, withEdns(), 8s); }
    std::optional<Message> timedAsk(std::string_view name, qint64& milliseconds) {
        QElapsedTimer timer;
        timer.start();
        auto reply = m_test->ask(name, rr::kA, withEdns(), 8s);
        milliseconds = timer.elapsed();
        return reply;
    }

    /// Asks until an answer is stale, and gives that one with the time it took.
    std::optional<Message> askUntilStale(std::string_view name, qint64& milliseconds) {
        std::optional<Message> stale;
        [&] { // the last evaluation by the macro must not ask once more
            QTRY_VERIFY_WITH_TIMEOUT(
                isStale(stale) || (stale = timedAsk(name, milliseconds), false), 10'000);
        }();
        return isStale(stale) ? stale : std::nullopt;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineStale)
#include "test_engine_stale.moc"
