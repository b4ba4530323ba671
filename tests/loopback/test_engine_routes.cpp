// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/rdata_text.h"

#include <QTest>

#include <set>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::ConnectionUse;
using sotto::engine::Protocol;
using sotto::engine::Route;

/// Split DNS: names that go to servers of their own, in clear text where the route says so.
class TestEngineRoutes : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(2); }
    void cleanup() { m_test.reset(); }

    void longestZoneWins_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("route"); // -1: none
        QTest::newRow("the zone") << QString("corp.test") << 0;
        QTest::newRow("below") << QString("www.corp.test") << 0;
        QTest::newRow("case has no meaning") << QString("WWW.Corp.TEST") << 0;
        QTest::newRow("a longer zone") << QString("a.lab.corp.test") << 1;
        QTest::newRow("the longer zone itself") << QString("lab.corp.test") << 1;
        QTest::newRow("an exception") << QString("www.public.corp.test") << -1;
        QTest::newRow("the exception itself") << QString("public.corp.test") << -1;
        QTest::newRow("no label's end") << QString("www.notcorp.test") << -1;
        QTest::newRow("elsewhere") << QString("corp.test.example.org") << -1;
        QTest::newRow("another zone of the first") << QString("x.corp.example") << 0;
    }
    void longestZoneWins() {
        QFETCH(QString, name);
        QFETCH(int, route);
        addRoute({"corp.test", "corp.example."}, {"public.corp.test"});
        addRoute({"lab.corp.test"});
        answerAll();
        m_test->config.forward.failover.clear();
        QVERIFY(m_test->start());
        const auto reply = m_test->ask(name.toStdString(), rr::kMx);
        QVERIFY(reply);
        for (int i = 0; i < 2; ++i)
            QCOMPARE(plainQueries(std::size_t(i)), std::size_t{i == route ? 1U : 0U});
        QCOMPARE(m_test->allQueries(0), std::size_t{route < 0 ? 1U : 0U});
        const auto record = m_test->recordFor(name.toStdString());
        QVERIFY(record);
        QCOMPARE(int(record->route), route < 0 ? 255 : route);
        if (route >= 0)
            QVERIFY(record->attempts[0].connection == ConnectionUse::Plain);
    }

    void plainUpstreamsAreToldAsSuch_data() {
        QTest::addColumn<int>("protocol");
        QTest::newRow("UDP") << int(Protocol::Udp);
        QTest::newRow("TCP") << int(Protocol::Tcp);
    }
    void plainUpstreamsAreToldAsSuch() {
        QFETCH(int, protocol);
        addRoute({"example.com"}, {}, static_cast<Protocol>(protocol));
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        const Observations seen = m_test->plainServer().observations();
        QVERIFY(seen.queries.at(0).transport ==
                (protocol == int(Protocol::Tcp) ? SeenTransport::Tcp : SeenTransport::Udp));
        const auto all = m_test->engine().upstreams();
        const auto found =
            std::find_if(all.begin(), all.end(), [](const auto& each) { return each.route == 0; });
        QVERIFY(found != all.end());
        QVERIFY(!found->config.isEncrypted());
        QCOMPARE(found->answers, std::uint64_t{1});
    }

    void whatIsTooLargeComesOverTcp_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("TC") << 0;
        QTest::newRow("too large") << 1;
    }
    void whatIsTooLargeComesOverTcp() {
        QFETCH(int, kind);
        addRoute({"example.com"});
        ServerScript script;
        if (kind == 0)
            script.behaviour.truncatedUdp = true;
        else
            script.behaviour.size = 20'000;
        m_test->plainServer().setScript(script);
        QVERIFY(m_test->start());
        const auto reply = m_test->askTcp(makeQuery("www.example.com"));
        QVERIFY(reply && !reply->truncated);
        QVERIFY(reply->answer(kind == 0 ? rr::kA : rr::kTxt));
        const Observations seen = m_test->plainServer().observations();
        QCOMPARE(seen.queries.size(), std::size_t{2});
        QVERIFY(seen.queries[0].transport == SeenTransport::Udp);
        QVERIFY(seen.queries[1].transport == SeenTransport::Tcp);
    }

    void silenceCostsFourDatagrams_data() {
        QTest::addColumn<int>("servers");
        QTest::newRow("one server") << 1;
        QTest::newRow("two servers") << 2;
        QTest::newRow("three servers") << 3;
    }
    /// All that leaves for a question counts, also what is sent again.
    void silenceCostsFourDatagrams() {
        QFETCH(int, servers);
        addRoute({"example.com"});
        for (int i = 1; i < servers; ++i)
            m_test->config.routes[0].upstreams.push_back(
                m_test->plainUpstream(m_test->addPlainServer()));
        for (int i = 0; i < servers; ++i) {
            ServerScript script;
            script.behaviour.drop = true;
            m_test->plainServer(std::size_t(i)).setScript(script);
        }
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com", rr::kA, {}, 6s);
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        std::size_t sent = 0;
        for (int i = 0; i < servers; ++i) {
            const std::size_t there = plainQueries(std::size_t(i));
            QVERIFY(there >= 1);
            sent += there;
        }
        QVERIFY2(sent <= 4, qPrintable(QString::number(sent)));
    }

    void lostDatagramsAreSentAgain_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("dropped") << 0;
        QTest::newRow("wrong ID") << 1;
        QTest::newRow("wrong source") << 2;
        QTest::newRow("another question") << 3;
    }
    void lostDatagramsAreSentAgain() {
        QFETCH(int, kind);
        addRoute({"example.com"});
        ServerScript script;
        Behaviour& behaviour = script.behaviour;
        behaviour.times = 1;
        behaviour.drop = kind == 0;
        behaviour.wrongId = kind == 1;
        behaviour.wrongSource = kind == 2;
        behaviour.question = kind == 3 ? Behaviour::Question::OtherName : Behaviour::Question::Kept;
        m_test->plainServer().setScript(script);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        QVERIFY(plainQueries(0) >= 2);
    }

    void aPlainServerThatIsGoneFails() {
        addRoute({"example.com"});
        m_test->plainServer().stop();
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com", rr::kA, withEdns());
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        // What belongs to a route never goes to the others.
        QCOMPARE(m_test->allQueries(0) + m_test->allQueries(1), std::size_t{0});
        QVERIFY(m_test->plainServer().start());
        QTRY_VERIFY(m_test->answers(0));
    }

    void routesOverTls() {
        Route route;
        route.zones = {"example.com"};
        route.upstreams = {m_test->upstream(1)};
        m_test->config.routes = {route};
        m_test->config.upstreams = {m_test->upstream(0)};
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        QCOMPARE(m_test->allQueries(0), std::size_t{0});
        QCOMPARE(m_test->allQueries(1), std::size_t{1});
    }

    void privateReverseZones_data() {
        QTest::addColumn<std::string>("zone");
        QTest::addColumn<bool>("routed");
        QTest::newRow("routed") << std::string("10.in-addr.arpa") << true;
        QTest::newRow("not routed") << std::string("corp.test") << false;
        QTest::newRow("a route for all names") << std::string(".") << false;
    }
    /// Names that never leave otherwise (RFC 6303) go where a route for them sends them.
    void privateReverseZones() {
        QFETCH(std::string, zone);
        QFETCH(bool, routed);
        addRoute({zone});
        answerAll();
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("1.0.0.10.in-addr.arpa", rr::kPtr);
        QVERIFY(reply);
        QCOMPARE(plainQueries(0), std::size_t{routed ? 1U : 0U});
        QCOMPARE(m_test->allQueries(0), std::size_t{0});
    }

    void policyOfTheRoute() {
        Route route;
        route.zones = {"example.com"};
        route.policy = sotto::engine::Policy::RoundRobin;
        for (std::size_t i = 0; i < 2; ++i)
            route.upstreams.push_back(m_test->plainUpstream(m_test->addPlainServer()));
        m_test->config.routes = {route};
        QVERIFY(m_test->start());
        for (int i = 0; i < 10; ++i)
            QVERIFY(m_test->answers(i));
        QCOMPARE(plainQueries(0), std::size_t{5});
        QCOMPARE(plainQueries(1), std::size_t{5});
    }

    /// IDs must not be guessed, nor the ports that datagrams come from.
    void plainQueriesAreHardToForge() {
        addRoute({"example.com"});
        QVERIFY(m_test->start());
        std::set<std::uint16_t> ids;
        for (int i = 0; i < 40; ++i)
            QVERIFY(m_test->answers(i));
        for (const SeenQuery& query : m_test->plainServer().observations().queries)
            ids.insert(query.message->id);
        QVERIFY(ids.size() >= 38);
    }

    void wrongRoutesAreRefused_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("no zones") << 0;
        QTest::newRow("no upstreams") << 1;
        QTest::newRow("no name") << 2;
        QTest::newRow("plain without a route") << 3;
    }
    void wrongRoutesAreRefused() {
        QFETCH(int, kind);
        addRoute({"example.com"});
        if (kind == 0)
            m_test->config.routes[0].zones.clear();
        else if (kind == 1)
            m_test->config.routes[0].upstreams.clear();
        else if (kind == 2)
            m_test->config.routes[0].zones = {"a..b"};
        else
            m_test->config.upstreams.push_back(m_test->plainUpstream());
        const auto started = sotto::engine::Engine::start(m_test->config, {});
        QVERIFY(!started.ok());
        QVERIFY(!started.error().detail.empty());
    }

private:
    void addRoute(std::vector<std::string> zones, std::vector<std::string> except = {},
                  Protocol protocol = Protocol::Udp) {
        Route route;
        route.zones = std::move(zones);
        route.except = std::move(except);
        route.upstreams = {m_test->plainUpstream(m_test->addPlainServer(), protocol)};
        m_test->config.routes.push_back(route);
        m_plain = m_test->config.routes.size();
    }
    /// Every server knows every name.
    void answerAll() {
        const Responder responder = [](const SeenQuery& query) -> std::optional<Bytes> {
            Message reply;
            reply.id = query.message->id;
            reply.response = reply.recursionAvailable = true;
            reply.questions = query.message->questions;
            reply.answers.push_back({query.name(), query.type(), kClassIn, 60,
                                     query.type() == rr::kMx ? rdata(rr::kMx, "1 m.test.")
                                                             : rdata(rr::kPtr, "h.test.")});
            return reply.toWire();
        };
        m_test->server(0).setResponder(responder);
        for (std::size_t i = 0; i < m_plain; ++i)
            m_test->plainServer(i).setResponder(responder);
    }
    std::size_t plainQueries(std::size_t index) const {
        return m_test->plainServer(index).observations().queries.size();
    }

    std::size_t m_plain = 0;
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineRoutes)
#include "test_engine_routes.moc"
