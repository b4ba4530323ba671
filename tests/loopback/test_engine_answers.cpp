// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/answer_plan.h"
#include "support/rdata_text.h"

#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(sotto::test::QueryOptions)

/// What clients get for what they ask, from the upstream and from the cache.
class TestEngineAnswers : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        QVERIFY(m_test->start());
    }
    void cleanup() { m_test.reset(); }

    void answersAsTheServerDoes_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("type");
        QTest::addColumn<bool>("tcp");
        struct Case {
            const char* row;
            const char* name;
            std::uint16_t type;
        };
        static constexpr Case kCases[] = {
            {"A", "www.example.com", rr::kA},
            {"several A", "many.example.com", rr::kA},
            {"AAAA", "www.example.com", rr::kAaaa},
            {"HTTPS with ech", "svc.example.com", rr::kHttps},
            {"TXT", "example.com", rr::kTxt},
            {"MX", "example.com", rr::kMx},
            {"SRV", "_sip._tcp.example.com", rr::kSrv},
            {"SOA", "example.com", rr::kSoa},
            {"NS", "example.com", rr::kNs},
            {"unknown type", "odd.example.com", 65280},
            {"CNAME chain of 8", "c1.example.com", rr::kA},
            {"CNAME itself", "c1.example.com", rr::kCname},
            {"CNAME to nothing", "dangling.example.com", rr::kA},
            {"NXDOMAIN", "nothing.example.com", rr::kA},
            {"NODATA", "www.example.com", rr::kMx},
        };
        for (const bool tcp : {false, true})
            for (const Case& one : kCases)
                QTest::addRow("%s over %s", one.row, tcp ? "TCP" : "UDP")
                    << QByteArray(one.name) << int(one.type) << tcp;
    }
    void answersAsTheServerDoes() {
        QFETCH(QByteArray, name);
        QFETCH(int, type);
        QFETCH(bool, tcp);
        const Message query =
            makeQuery(name.toStdString(), static_cast<std::uint16_t>(type), withEdns());
        StreamClient::Tls tls;
        tls.caPem = m_test->ca().certificatePem();
        tls.serverName = EngineUnderTest::kServerName;
        StreamClient direct(m_test->server().port(), tls);
        const auto truth = direct.ask(query);
        QVERIFY(truth && truth->message);
        m_test->server().forgetObservations();

        for (const bool cached : {false, true}) {
            const auto reply = tcp ? m_test->askTcp(query) : m_test->ask(query);
            QVERIFY(reply);
            QCOMPARE(reply->id, query.id);
            QVERIFY(reply->response && reply->recursionAvailable && !reply->truncated);
            QVERIFY(reply->questions == query.questions);
            QCOMPARE(reply->rcode, truth->message->rcode);
            QVERIFY(sameButTtl(reply->answers, truth->message->answers));
            QVERIFY(sameButTtl(reply->authorities, truth->message->authorities));
            QVERIFY(sameButTtl(reply->additionals, truth->message->additionals));
            if (!cached)
                QVERIFY(reply->answers == truth->message->answers);
            QCOMPARE(m_test->allQueries(), std::size_t{1});
        }
        QCOMPARE(m_test->engine().statistics().cacheHits, std::uint64_t{1});
    }

    void bothTransportsShareTheCache() {
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
        QVERIFY(hasAddress(m_test->askTcp(makeQuery("WWW.EXAMPLE.com")), "192.0.2.80"));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void theQuestionKeepsItsCase() {
        m_test->setBehaviour([](Behaviour& b) { b.question = Behaviour::Question::OtherCase; });
        for (const char* spelling : {"wWw.ExAmPlE.cOm", "WWW.example.COM", "www.example.com"}) {
            const Message query = makeQuery(spelling);
            const auto reply = m_test->ask(query);
            QVERIFY(hasAddress(reply, "192.0.2.80"));
            QVERIFY(reply->questions == query.questions);
        }
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void ttlsCountDown() {
        const auto ttl = [&] {
            const auto reply = m_test->ask("www.example.com");
            return reply && !reply->answers.empty() ? int(reply->answers[0].ttl) : -1;
        };
        QCOMPARE(ttl(), 300);
        QTRY_VERIFY(ttl() < 300 && ttl() > 290);
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void answersExpire() {
        QVERIFY(m_test->ask("short.example.com"));
        QTRY_VERIFY(m_test->ask("short.example.com") &&
                    m_test->queriesFor("short.example.com") == 2);
    }

    void aZeroTtlIsNotKept() {
        for (std::size_t asked = 1; asked <= 3; ++asked) {
            QVERIFY(hasAddress(m_test->ask("zero.example.com"), "192.0.2.8"));
            QCOMPARE(m_test->queriesFor("zero.example.com"), asked);
        }
    }

    void theCapShortensTtls() {
        m_test->config.cache.positiveTtlCap = 100s;
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 2; ++i) {
            const auto reply = m_test->ask("www.example.com");
            QVERIFY(reply && reply->answers.size() == 1);
            QVERIFY(reply->answers[0].ttl <= 100 && reply->answers[0].ttl >= 95);
        }
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void theTopBitOfATtlIsNotPassedOn() {
        m_test->server().setResponder([](const SeenQuery& query) -> std::optional<Bytes> {
            Message reply = replyTo(query);
            reply.answers.push_back({query.name(), rr::kA, kClassIn, 0x80000100, {192, 0, 2, 1}});
            return reply.toWire();
        });
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply && reply->answers.size() == 1);
        QCOMPARE(reply->answers[0].ttl, std::uint32_t{0});
    }

    void negativeAnswersLiveByTheirSoa_data() {
        QTest::addColumn<int>("soaTtl");
        QTest::addColumn<int>("minimum");
        QTest::addColumn<bool>("isKeptLong");
        QTest::newRow("long") << 300 << 300 << true;
        QTest::newRow("short TTL") << 1 << 300 << false;
        QTest::newRow("short MINIMUM") << 300 << 1 << false;
    }
    void negativeAnswersLiveByTheirSoa() {
        QFETCH(int, soaTtl);
        QFETCH(int, minimum);
        QFETCH(bool, isKeptLong);
        m_test->server().setResponder([=](const SeenQuery& query) -> std::optional<Bytes> {
            Message reply = replyTo(query);
            reply.rcode = rcode::kNxDomain;
            reply.authorities.push_back({*Name::fromText("example.com"), rr::kSoa, kClassIn,
                                         std::uint32_t(soaTtl),
                                         rdata(rr::kSoa, "ns.example.com. h.example.com. 1 1 1 1 " +
                                                             std::to_string(minimum))});
            return reply.toWire();
        });
        const auto first = m_test->ask("nothing.example.com");
        QVERIFY(first && first->rcode == rcode::kNxDomain);
        if (isKeptLong) {
            QVERIFY(m_test->ask("nothing.example.com"));
            QCOMPARE(m_test->allQueries(), std::size_t{1});
        } else {
            QTRY_VERIFY(m_test->ask("nothing.example.com") && m_test->allQueries() >= 2);
        }
    }

    void flagsFollowTheClient_data() {
        QTest::addColumn<QueryOptions>("options");
        const auto row = [](const char* name, auto change) {
            QueryOptions options;
            options.recursionDesired = true;
            change(options);
            QTest::newRow(name) << options;
        };
        row("RD", [](QueryOptions&) {});
        row("no RD", [](QueryOptions& o) { o.recursionDesired = false; });
        row("CD", [](QueryOptions& o) { o.checkingDisabled = true; });
        row("AD", [](QueryOptions& o) { o.authenticData = true; });
        row("DO", [](QueryOptions& o) { o.edns.emplace().dnssecOk = true; });
        row("EDNS", [](QueryOptions& o) { o.edns.emplace(); });
        row("all", [](QueryOptions& o) {
            o.authenticData = o.checkingDisabled = true;
            o.edns.emplace().dnssecOk = true;
        });
    }
    void flagsFollowTheClient() {
        QFETCH(QueryOptions, options);
        m_test->setBehaviour([](Behaviour& b) { b.authenticData = true; });
        const bool dnssecOk = options.edns && options.edns->dnssecOk;
        for (int i = 0; i < 2; ++i) {
            const auto reply = m_test->ask("www.example.com", rr::kA, options);
            QVERIFY(hasAddress(reply, "192.0.2.80"));
            QCOMPARE(reply->recursionDesired, options.recursionDesired);
            QVERIFY(reply->recursionAvailable && !reply->authoritative);
            QCOMPARE(reply->checkingDisabled, options.checkingDisabled);
            QCOMPARE(reply->authenticData, options.authenticData || dnssecOk);
            QCOMPARE(reply->edns.has_value(), options.edns.has_value());
            if (reply->edns) {
                QCOMPARE(reply->edns->dnssecOk, dnssecOk);
                QCOMPARE(reply->edns->udpSize, std::uint16_t{1232});
                QVERIFY(reply->edns->options.empty());
            }
        }
        const Observations seen = m_test->server().observations();
        QCOMPARE(seen.queries.size(), std::size_t{1});
        const auto& sent = seen.queries[0].message;
        QVERIFY(sent && sent->recursionDesired && sent->authenticData && sent->edns);
        QCOMPARE(sent->checkingDisabled, options.checkingDisabled);
        QCOMPARE(sent->edns->dnssecOk, dnssecOk);
    }

    void doAndCdArePartOfTheKey() {
        std::size_t questions = 0;
        for (const bool dnssecOk : {false, true}) {
            for (const bool checkingDisabled : {false, true}) {
                QueryOptions options = withEdns();
                options.edns->dnssecOk = dnssecOk;
                options.checkingDisabled = checkingDisabled;
                QVERIFY(m_test->ask("www.example.com", rr::kA, options));
                QVERIFY(m_test->ask("www.example.com", rr::kA, options));
                QCOMPARE(m_test->allQueries(), ++questions);
            }
        }
    }

    void answersAreCutToTheClientsSize_data() {
        QTest::addColumn<int>("answerSize");
        QTest::addColumn<int>("clientSize"); // 0: no OPT
        QTest::addColumn<bool>("isCut");
        QTest::newRow("none, fits") << 500 << 0 << false;
        QTest::newRow("none, too large") << 600 << 0 << true;
        QTest::newRow("under 512 means 512") << 500 << 100 << false;
        QTest::newRow("800, fits") << 700 << 800 << false;
        QTest::newRow("800, too large") << 900 << 800 << true;
        QTest::newRow("1232, fits") << 1200 << 1232 << false;
        QTest::newRow("4096, no fragments") << 2000 << 4096 << true;
        QTest::newRow("4096, 60 KiB") << 61440 << 4096 << true;
    }
    void answersAreCutToTheClientsSize() {
        QFETCH(int, answerSize);
        QFETCH(int, clientSize);
        QFETCH(bool, isCut);
        m_test->server().setResponder([=](const SeenQuery& query) -> std::optional<Bytes> {
            Message reply = replyTo(query);
            growTo(reply, std::size_t(answerSize));
            return reply.toWire();
        });
        const Message query = makeQuery(
            "www.example.com", rr::kTxt,
            clientSize ? withEdns(static_cast<std::uint16_t>(clientSize)) : QueryOptions());
        for (int i = 0; i < 2; ++i) {
            UdpClient udp(m_test->port());
            const auto reply = udp.ask(query);
            QVERIFY(reply && reply->message);
            QCOMPARE(reply->message->truncated, isCut);
            QVERIFY(int(reply->raw.size()) <= std::max(clientSize, 512));
            QVERIFY(reply->raw.size() <= 1232);
            QVERIFY(reply->message->questions == query.questions);
            QCOMPARE(reply->message->answers.empty(), isCut);

            const auto whole = m_test->askTcp(query);
            QVERIFY(whole && !whole->truncated && !whole->answers.empty());
            Message bare = *whole;
            bare.edns.reset();
            QCOMPARE(int(bare.toWire().size()), answerSize);
        }
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void foreignRecordsAreDropped() {
        m_test->server().setResponder([](const SeenQuery& query) -> std::optional<Bytes> {
            Message reply = replyTo(query);
            const Name victim = *Name::fromText("other.example.com");
            reply.answers.push_back({query.name(), rr::kA, kClassIn, 300, {192, 0, 2, 1}});
            if (!query.name().sameAs(victim)) {
                reply.answers.push_back({victim, rr::kA, kClassIn, 300, {203, 0, 113, 6}});
                reply.additionals.push_back({victim, rr::kA, kClassIn, 300, {203, 0, 113, 7}});
            }
            return reply.toWire();
        });
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(hasAddress(reply, "192.0.2.1"));
        QCOMPARE(reply->answers.size(), std::size_t{1});
        QVERIFY(hasAddress(m_test->ask("other.example.com"), "192.0.2.1"));
        QCOMPARE(m_test->queriesFor("other.example.com"), std::size_t{1});
    }

    void identicalQuestionsShareOneUpstreamQuery_data() {
        QTest::addColumn<bool>("fails");
        QTest::newRow("answered") << false;
        QTest::newRow("failed") << true;
    }
    void identicalQuestionsShareOneUpstreamQuery() {
        QFETCH(bool, fails);
        constexpr int kClients = 100;
        m_test->setBehaviour([&](Behaviour& b) {
            b.delay = 300ms;
            b.truncated = fails; // over TLS: of no use
        });
        std::vector<std::unique_ptr<UdpClient>> clients;
        std::vector<Message> queries;
        for (int i = 0; i < kClients; ++i) {
            QueryOptions options;
            options.id = static_cast<std::uint16_t>(1000 + i * 7);
            queries.push_back(
                makeQuery(i % 2 ? "www.example.com" : "Www.Example.Com", rr::kA, options));
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(queries.back()));
        }
        for (int i = 0; i < kClients; ++i) {
            const auto reply = clients[std::size_t(i)]->receive();
            QVERIFY(reply && reply->message);
            QCOMPARE(reply->message->id, queries[std::size_t(i)].id);
            QVERIFY(reply->message->questions == queries[std::size_t(i)].questions);
            QCOMPARE(reply->message->rcode, fails ? rcode::kServFail : rcode::kNoError);
            QCOMPARE(hasAddress(reply->message, "192.0.2.80"), !fails);
        }
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QCOMPARE(m_test->engine().statistics().coalesced, std::uint64_t{kClients - 1});
    }

    void everyCodeOfTheUpstreamArrives_data() {
        QTest::addColumn<int>("rcode");
        for (int code = 0; code < 16; ++code)
            QTest::addRow("%d", code) << code;
    }
    void everyCodeOfTheUpstreamArrives() {
        QFETCH(int, rcode);
        m_test->setBehaviour([&](Behaviour& b) { b.rcode = static_cast<std::uint16_t>(rcode); });
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply && reply->answers.empty());
        QVERIFY(reply->rcode == rcode || reply->rcode == sotto::test::rcode::kServFail);
        QVERIFY(m_test->allQueries() <= 4);
        m_test->setBehaviour([](Behaviour&) {});
        QVERIFY(hasAddress(m_test->ask("many.example.com"), "192.0.2.1"));
    }

    void anUpstreamFailureIsKeptShortly() {
        m_test->config.cache.failureTtl = 1s;
        QVERIFY(m_test->reconfigure());
        m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kServFail; });
        for (int i = 0; i < 5; ++i) {
            const auto reply = m_test->ask("www.example.com");
            QVERIFY(reply && reply->rcode == rcode::kServFail);
        }
        QVERIFY(m_test->allQueries() <= 2); // a second may have passed
        m_test->setBehaviour([](Behaviour&) {});
        QTRY_VERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

private:
    static Message replyTo(const SeenQuery& query) {
        Message reply;
        reply.id = query.message->id;
        reply.response = reply.recursionAvailable = true;
        reply.questions = query.message->questions;
        return reply;
    }
    static bool sameButTtl(std::vector<Record> left, std::vector<Record> right) {
        for (Record& record : left)
            record.ttl = 0;
        for (Record& record : right)
            record.ttl = 0;
        return left == right;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineAnswers)
#include "test_engine_answers.moc"
