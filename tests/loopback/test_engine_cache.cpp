// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QTest>

#include <map>

using namespace sotto::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t kBogus = 6;
constexpr std::uint16_t kNoReachableAuthority = 22;
constexpr std::uint16_t kNetworkError = 23;

void explain(Message& response, std::uint16_t code, std::string_view text) {
    Bytes data(2 + text.size());
    data[0] = static_cast<std::uint8_t>(code >> 8);
    data[1] = static_cast<std::uint8_t>(code);
    std::copy(text.begin(), text.end(), data.begin() + 2);
    response.edns.emplace().options.push_back({edns::kExtendedError, data});
}

} // namespace

/// What the cache's settings change for clients.
class TestEngineCache : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        QVERIFY(m_test->start());
    }
    void cleanup() { m_test.reset(); }

    void theUpstreamsExtendedErrorIsPassedOnWithoutItsText_data() {
        QTest::addColumn<int>("rcode");
        QTest::addColumn<int>("code");
        QTest::newRow("bogus") << int(rcode::kServFail) << int(kBogus);
        QTest::newRow("blocked") << int(rcode::kNoError) << 15;
        QTest::newRow("filtered") << int(rcode::kNxDomain) << 17;
        QTest::newRow("stale there") << int(rcode::kNoError) << 3;
        QTest::newRow("other") << int(rcode::kNoError) << 0;
    }
    void theUpstreamsExtendedErrorIsPassedOnWithoutItsText() {
        QFETCH(int, rcode);
        QFETCH(int, code);
        m_test->answerWith([=](Message& m) {
            if (rcode == 0)
                addAddress(m, "192.0.2.1", 300);
            m.rcode = static_cast<std::uint16_t>(rcode);
            explain(m, static_cast<std::uint16_t>(code), "a text <b>of</b> strangers");
        });
        for (int i = 0; i < 3; ++i) { // from the upstream, and twice from the cache
            const Message query = makeQuery("www.example.com", rr::kA, withEdns());
            const auto reply = i < 2 ? m_test->ask(query) : m_test->askTcp(query);
            QVERIFY(reply);
            QCOMPARE(int(reply->rcode), rcode);
            QVERIFY(extendedError(*reply) == std::uint16_t(code));
            QVERIFY(extendedErrorText(*reply).empty());
            QCOMPARE(reply->edns->options.size(), std::size_t{1});
        }
        const auto plain = m_test->ask("www.example.com");
        QVERIFY(plain && !plain->edns);
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void ownErrorsSayWhy() {
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        const auto silent = m_test->ask("slow.example.com", rr::kA, withEdns(), 8s);
        QVERIFY(silent && silent->rcode == rcode::kServFail);
        QVERIFY(extendedError(*silent) == kNoReachableAuthority);
        QVERIFY(!extendedErrorText(*silent).empty());
        const std::size_t asked = m_test->queriesFor("slow.example.com");
        const auto remembered = m_test->ask("slow.example.com", rr::kA, withEdns());
        QVERIFY(remembered && extendedError(*remembered) == kNoReachableAuthority);
        QCOMPARE(m_test->queriesFor("slow.example.com"), asked);
        m_test->server().stop();
        m_test->engine().networkChanged();
        const auto unreachable = m_test->ask("www.example.com", rr::kA, withEdns(), 8s);
        QVERIFY(unreachable && unreachable->rcode == rcode::kServFail);
        QVERIFY(extendedError(*unreachable) == kNetworkError);
        QCOMPARE(extendedErrorText(*unreachable), std::string("no upstream could be reached"));
    }

    void ownErrorsSayWhichFailure_data() {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("text");
        QTest::newRow("name") << "name"
                              << "the upstream's certificate was refused";
        QTest::newRow("expired") << "expired"
                                 << "certificate expired, or a wrong clock";
        QTest::newRow("pin") << "pin"
                             << "the upstream's key is not the pinned one";
        QTest::newRow("TLS") << "TLS"
                             << "the upstream's TLS handshake failed";
        QTest::newRow("none") << "none"
                              << "no upstream is configured";
    }
    void ownErrorsSayWhichFailure() {
        QFETCH(QString, fault);
        QFETCH(QString, text);
        m_test->destroyEngine(); // whose sessions would need no certificate
        LeafOptions leaf = EngineUnderTest::serverLeaf();
        auto& upstreams = m_test->config.upstreams;
        if (fault == "name") {
            leaf.dnsNames = {"another.test"};
        } else if (fault == "expired") {
            leaf.validFrom = -48h;
            leaf.validUntil = -1h;
        } else if (fault == "TLS") {
            m_test->setScript(
                [](ServerScript& s) { s.oldest = s.newest = ServerScript::Tls::V1_1; });
        }
        m_test->server().setIdentity(m_test->ca().issue(leaf));
        upstreams.front().pins.clear();
        if (fault == "pin")
            upstreams.front().pins = {"sha256/" + std::string(43, 'A') + "="};
        if (fault == "none")
            upstreams.clear();
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com", rr::kA, withEdns(), 8s);
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QVERIFY(extendedError(*reply) == kNetworkError);
        QCOMPARE(extendedErrorText(*reply), text.toStdString());
    }

    void unreachableIsForgottenAtOnce() {
        m_test->server().stop();
        QVERIFY(m_test->ask("www.example.com")->rcode == rcode::kServFail);
        QCOMPARE(m_test->engine().statistics().cacheEntries, std::uint64_t{0});
        QVERIFY(m_test->server().start());
        QTRY_VERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

    void failuresAreKeptWhileThatIsWanted() {
        m_test->config.cache.failureTtl = 0s;
        QVERIFY(m_test->reconfigure());
        m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kServFail; });
        for (std::size_t asked = 1; asked <= 3; ++asked) {
            QVERIFY(m_test->ask("www.example.com")->rcode == rcode::kServFail);
            QCOMPARE(m_test->allQueries(), asked);
        }
        m_test->config.cache.failureTtl = 300s;
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 3; ++i)
            QVERIFY(m_test->ask("www.example.com")->rcode == rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{4});
    }

    void theFloorRaisesTtls() {
        m_test->config.cache.positiveTtlFloor = 100s;
        m_test->config.cache.negativeTtlFloor = 200s;
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 2; ++i) {
            const auto reply = m_test->ask("short.example.com"); // 1 s
            QVERIFY(hasAddress(reply, "192.0.2.7"));
            QVERIFY(reply->answers[0].ttl > 95 && reply->answers[0].ttl <= 100);
            const auto denied = m_test->ask("nothing.example.com"); // 60 s
            QVERIFY(denied && denied->authorities.size() == 1);
            QVERIFY(denied->authorities[0].ttl > 195 && denied->authorities[0].ttl <= 300);
        }
        QCOMPARE(m_test->queriesFor("short.example.com"), std::size_t{1});
        for (std::size_t asked = 1; asked <= 2; ++asked) { // a TTL of 0 is no short one
            const auto reply = m_test->ask("zero.example.com");
            QVERIFY(reply && reply->answers.at(0).ttl == 0);
            QCOMPARE(m_test->queriesFor("zero.example.com"), asked);
        }
    }

    void ttlsCanBeKept() {
        m_test->config.cache.keepTtl = true;
        m_test->answerWith([](Message& m) { addAddress(m, "192.0.2.1", 2); });
        QVERIFY(m_test->reconfigure());
        std::map<std::uint32_t, int> ttls;
        QTRY_VERIFY((m_test->ask("www.example.com").value_or(Message{}).answers.size() == 1 &&
                     (++ttls[m_test->ask("www.example.com")->answers[0].ttl], true) &&
                     m_test->allQueries() >= 3)); // through its last second, and anew
        QCOMPARE(ttls.size(), std::size_t{1});
        QVERIFY(ttls.count(2) == 1);
    }

    void zonesAndExceptions_data() {
        QTest::addColumn<QStringList>("zones");
        QTest::addColumn<QStringList>("noPositive");
        QTest::addColumn<QStringList>("noNegative");
        QTest::addColumn<bool>("keepsPositive");
        QTest::addColumn<bool>("keepsNegative");
        const QStringList none;
        QTest::newRow("all") << none << none << none << true << true;
        QTest::newRow("this zone") << QStringList{"example.com"} << none << none << true << true;
        QTest::newRow("another") << QStringList{"example.net"} << none << none << false << false;
        QTest::newRow("no positive")
            << none << QStringList{"Example.COM."} << none << false << true;
        QTest::newRow("no negative") << none << none << QStringList{"."} << true << false;
        QTest::newRow("neither") << QStringList{"com"} << QStringList{"com"} << QStringList{"com"}
                                 << false << false;
    }
    void zonesAndExceptions() {
        QFETCH(QStringList, zones);
        QFETCH(QStringList, noPositive);
        QFETCH(QStringList, noNegative);
        QFETCH(bool, keepsPositive);
        QFETCH(bool, keepsNegative);
        const auto texts = [](const QStringList& list) {
            std::vector<std::string> result;
            for (const QString& text : list)
                result.push_back(text.toStdString());
            return result;
        };
        m_test->config.cache.zones = texts(zones);
        m_test->config.cache.positiveDisabled = texts(noPositive);
        m_test->config.cache.negativeDisabled = texts(noNegative);
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 2; ++i) {
            QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
            QVERIFY(m_test->ask("nothing.example.com")->rcode == rcode::kNxDomain);
        }
        QCOMPARE(m_test->queriesFor("www.example.com"), std::size_t(keepsPositive ? 1 : 2));
        QCOMPARE(m_test->queriesFor("nothing.example.com"), std::size_t(keepsNegative ? 1 : 2));
    }

    void wrongCacheSettingsChangeNothing() {
        QVERIFY(m_test->ask("www.example.com"));
        const auto before = m_test->engine().config();
        for (int which = 0; which < 6; ++which) {
            auto wanted = before;
            if (which == 0)
                wanted.cache.zones = {"a..b"};
            if (which == 1)
                wanted.cache.prefetch.percentage = 100;
            if (which == 2)
                wanted.cache.stale.answerTtl = 0s;
            if (which == 3)
                wanted.cache.negativeDisabled = {std::string(64, 'x')};
            if (which == 4)
                wanted.cache.failureTtl = -1s;
            if (which == 5)
                wanted.cache.stale.keep = 24h * 367;
            const auto refused = m_test->engine().reconfigure(wanted);
            QVERIFY(!refused);
            QVERIFY(refused.error().code == sotto::engine::ErrorCode::InvalidArgument);
            QVERIFY(m_test->engine().config() == before);
        }
        QVERIFY(m_test->ask("www.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void otherRulesEmptyTheCacheOtherHabitsDoNot() {
        QVERIFY(m_test->ask("www.example.com"));
        m_test->config.cache.stale.enabled = true;
        m_test->config.cache.prefetch.hits = 100;
        m_test->config.cache.keepTtl = true;
        m_test->config.cache.failureTtl = 9s;
        m_test->config.cache.sizeBytes /= 2;
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->ask("www.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QVERIFY(m_test->engine().statistics().cacheCapacityBytes <= std::uint64_t{16} << 20);
        m_test->config.cache.positiveTtlCap = 17s;
        QVERIFY(m_test->reconfigure());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply && reply->answers.at(0).ttl <= 17);
        QCOMPARE(m_test->allQueries(), std::size_t{2});
    }

    void aSubtreeIsForgotten() {
        using Scope = sotto::engine::Engine::FlushScope;
        const char* const names[] = {"example.com", "www.example.com", "_sip._tcp.example.com",
                                     "example.net", "anexample.com"};
        m_test->answerWith([](Message& m) { addAddress(m, "192.0.2.1", 300); });
        for (const char* name : names)
            QVERIFY(m_test->ask(name));
        QCOMPARE(m_test->allQueries(), std::size_t{5});
        QVERIFY(!m_test->engine().flushCache("a..b", Scope::Subtree));
        const auto removed = m_test->engine().flushCache("Example.COM", Scope::Subtree);
        QVERIFY(removed);
        QCOMPARE(removed.value(), std::size_t{3});
        for (const char* name : names)
            QVERIFY(m_test->ask(name));
        QCOMPARE(m_test->allQueries(), std::size_t{8});
        QCOMPARE(m_test->queriesFor("example.net"), std::size_t{1});
        QCOMPARE(m_test->queriesFor("anexample.com"), std::size_t{1});
        QCOMPARE(m_test->engine().flushCache(".", Scope::Subtree).value(), std::size_t{5});
    }

    void signaturesThatExpireEndTheAnswer_data() {
        QTest::addColumn<int>("left");
        QTest::addColumn<bool>("isKept");
        QTest::newRow("long") << 86400 << true;
        QTest::newRow("a minute") << 60 << true;
        QTest::newRow("expired") << -5 << false;
    }
    void signaturesThatExpireEndTheAnswer() {
        QFETCH(int, left);
        QFETCH(bool, isKept);
        const auto expire = static_cast<std::uint32_t>(std::time(nullptr) + left);
        m_test->answerWith([=](Message& m) {
            addAddress(m, "192.0.2.1", 300);
            Bytes data{0, 1, 8, 3, 0, 0, 1, 44};
            for (int shift = 24; shift >= 0; shift -= 8)
                data.push_back(static_cast<std::uint8_t>(expire >> shift));
            data.insert(data.end(), {0, 0, 0, 1, 0, 7, 0, 1, 2, 3, 4});
            m.answers.push_back({m.questions[0].name, rr::kRrsig, kClassIn, 300, data});
        });
        QueryOptions options = withEdns();
        options.edns->dnssecOk = true;
        for (int i = 0; i < 2; ++i) {
            const auto reply = m_test->ask("www.example.com", rr::kA, options);
            QVERIFY(reply && reply->answers.size() == 2);
            for (const Record& record : reply->answers)
                QVERIFY(int(record.ttl) <= std::clamp(left, 0, 300));
        }
        QCOMPARE(m_test->allQueries(), std::size_t(isKept ? 1 : 2));
    }

    void typesAreCounted() {
        for (const std::uint16_t type : {rr::kA, rr::kA, rr::kAaaa, rr::kHttps})
            QVERIFY(m_test->ask("www.example.com", type));
        QVERIFY(m_test->askTcp(makeQuery("www.example.com", rr::kAaaa)));
        QVERIFY(m_test->ask("odd.example.com", 65280));
        QVERIFY(m_test->ask("example.com", 252)); // AXFR is refused before it is a question
        std::map<std::uint16_t, std::uint64_t> counts;
        const auto statistics = m_test->engine().statistics();
        for (const auto& one : statistics.queriesByType)
            counts[one.type] = one.queries;
        QVERIFY((counts == std::map<std::uint16_t, std::uint64_t>{
                               {0, 1}, {rr::kA, 2}, {rr::kAaaa, 2}, {rr::kHttps, 1}}));
        QVERIFY(std::is_sorted(
            statistics.queriesByType.begin(), statistics.queriesByType.end(),
            [](const auto& left, const auto& right) { return left.type < right.type; }));
        QCOMPARE(statistics.queriesUdp, std::uint64_t{6});
        QCOMPARE(statistics.queriesTcp, std::uint64_t{1});
    }

    void eachQuestionIsCountedOnce() {
        m_test->config.cache.stale.enabled = true;
        m_test->config.cache.stale.verifyTimeout = 100ms;
        QVERIFY(m_test->reconfigure());
        m_test->setScript([](ServerScript& s) {
            s.byName["bad.example.com"].rcode = rcode::kServFail;
            s.byName["slow.example.com"].delay = 1s;
        });
        std::vector<std::unique_ptr<UdpClient>> waiting; // one asks, the others join
        for (int i = 0; i < 5; ++i) {
            waiting.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(waiting.back()->send(makeQuery("slow.example.com")));
        }
        for (auto& client : waiting)
            QVERIFY(client->receive());
        for (const char* name : {"www.example.com", "www.example.com", "bad.example.com",
                                 "bad.example.com", "a.localhost", "short.example.com"})
            QVERIFY(m_test->ask(name) && m_test->askTcp(makeQuery(name)));
        m_test->setBehaviour([](Behaviour& b) { b.delay = 400ms; });
        const auto statistics = [&] { return m_test->engine().statistics(); };
        QTRY_VERIFY(m_test->ask("short.example.com") && statistics().staleAnswers > 0); // late
        const auto counted = statistics();
        QCOMPARE(counted.cacheHits + counted.cacheMisses + counted.localAnswers, counted.queries());
        QCOMPARE(counted.coalesced, std::uint64_t{4});
        QCOMPARE(counted.localAnswers, std::uint64_t{2});
        QVERIFY(counted.staleAnswers <= counted.cacheHits);
        std::uint64_t byType = 0;
        for (const auto& one : counted.queriesByType)
            byType += one.queries;
        QCOMPARE(byType, counted.queries());
    }

    void withoutTheLogThereAreNoRecords() {
        m_test->config.recordQueries = false;
        QVERIFY(m_test->reconfigure());
        const auto askAll = [&] {
            return m_test->ask("www.example.com") && m_test->ask("www.example.com") &&
                   m_test->askTcp(makeQuery("www.example.com")) &&
                   m_test->askTcp(makeQuery("other.example.com")) && m_test->ask("a.localhost");
        };
        QVERIFY(askAll());
        std::vector<sotto::engine::QueryRecord> records;
        m_test->engine().readRecords(records);
        QVERIFY(records.empty());
        auto statistics = m_test->engine().statistics();
        QCOMPARE(statistics.queries(), std::uint64_t{5}); // counted they are
        QCOMPARE(statistics.cacheHits, std::uint64_t{2});
        QCOMPARE(statistics.hitTimes.total(), std::uint64_t{2});
        QCOMPARE(statistics.missTimes.total(), std::uint64_t{2});
        QCOMPARE(statistics.localAnswers, std::uint64_t{1});
        m_test->config.recordQueries = true;
        QVERIFY(m_test->reconfigure());
        QVERIFY(askAll());
        QTRY_VERIFY((m_test->engine().readRecords(records), records.size() >= 5));
        QCOMPARE(records.size(), std::size_t{5});
        QCOMPARE(m_test->engine().statistics().recordsDropped, std::uint64_t{0});
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineCache)
#include "test_engine_cache.moc"
