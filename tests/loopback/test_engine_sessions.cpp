// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/fast_open_syn.h"

#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::ConnectionUse;
using ZeroRtt = ServerScript::ZeroRtt;
using Ending = Behaviour::Ending;
using State = sotto::engine::UpstreamStatus::State;

namespace {

/// What may have changed between two runs.
enum class Change { None, Name, Pins, Authority, Damaged, OtherServer };

} // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(sotto::test::ServerScript::ZeroRtt)

/// Resumption and early data (RFC 8446 §2.2, §2.3), within a run and over a restart.
class TestEngineSessions : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(1); }
    void cleanup() { m_test.reset(); }

    void laterConnectionsResume_data() {
        QTest::addColumn<bool>("tls13");
        QTest::addColumn<int>("resumptions");
        QTest::newRow("TLS 1.3") << true << 5;
        QTest::newRow("TLS 1.2") << false << 3; // it gives no new ticket to who resumed
    }
    void laterConnectionsResume() {
        QFETCH(bool, tls13);
        QFETCH(int, resumptions);
        m_test->setScript([&](ServerScript& s) {
            if (!tls13)
                s.newest = ServerScript::Tls::V1_2;
        });
        QVERIFY(m_test->start());
        for (int i = 0; i < 6; ++i) {
            QVERIFY(m_test->answers(i));
            endConnections();
        }
        const Observations seen = m_test->server().observations();
        QCOMPARE(seen.handshakes(), std::size_t{6});
        QCOMPARE(int(seen.resumptions()), resumptions);
        QVERIFY(eachTicketOnce(seen));
        QVERIFY(m_test->status().resumed);
        QCOMPARE(int(m_test->status().resumedConnections), resumptions);
    }

    /// Parallel connections need tickets of their own.
    void ticketsAreForOneUse() {
        m_test->config.forward.maxConnections = 4;
        m_test->setScript([](ServerScript& s) {
            s.behaviour.delay = 50ms;
            s.maxInFlight = 2;
        });
        QVERIFY(m_test->start());
        for (int round = 0; round < 4; ++round) {
            QVERIFY(m_test->askMany(40, round * 40));
            m_test->server().endConnections(Ending::Reset);
        }
        QVERIFY(eachTicketOnce(m_test->server().observations()));
    }

    void whoCannotResumeIsAskedAllTheSame_data() {
        QTest::addColumn<bool>("otherKeys");
        QTest::newRow("other keys") << true;
        QTest::newRow("no tickets") << false;
    }
    void whoCannotResumeIsAskedAllTheSame() {
        QFETCH(bool, otherKeys);
        m_test->setScript([&](ServerScript& s) { s.tickets = otherKeys; });
        QVERIFY(m_test->start());
        for (int i = 0; i < 4; ++i) {
            QVERIFY(m_test->answers(i));
            endConnections();
            if (otherKeys)
                m_test->server().changeTicketKeys();
        }
        QCOMPARE(m_test->server().observations().resumptions(), std::size_t{0});
        QCOMPARE(m_test->status().failures, std::uint64_t{0});
    }

    void overARestart_data() {
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("resumes");
        QTest::newRow("the same") << Change::None << true;
        QTest::newRow("another name") << Change::Name << false;
        QTest::newRow("pins") << Change::Pins << false;
        QTest::newRow("another authority") << Change::Authority << false;
        QTest::newRow("damaged") << Change::Damaged << false;
        QTest::newRow("another server") << Change::OtherServer << false;
    }
    void overARestart() {
        QFETCH(Change, change);
        QFETCH(bool, resumes);
        LeafOptions leaf;
        leaf.dnsNames = {EngineUnderTest::kServerName, "second.sotto.test"};
        const Identity identity = m_test->ca().issue(leaf);
        m_test->server().setIdentity(identity);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        QVERIFY(m_test->answers(1)); // TLS 1.3 gives tickets with the first answers
        std::vector<std::uint8_t> octets = m_test->engine().exportSessions();
        QVERIFY(octets.size() > 50);
        m_test->destroyEngine();

        auto& upstream = m_test->config.upstreams[0];
        if (change == Change::Name)
            upstream.tlsName = "second.sotto.test";
        else if (change == Change::Pins)
            upstream.pins = {identity.pin()};
        else if (change == Change::Authority)
            upstream.caPem += ThrowawayCa().certificatePem();
        else if (change == Change::Damaged)
            octets[octets.size() / 2] ^= 0x55;
        else if (change == Change::OtherServer)
            upstream.port = m_test->server(m_test->addServer({})).port();
        m_test->config.forwarding = false; // nothing connects before the import
        QVERIFY(m_test->start());
        const auto taken = m_test->engine().importSessions(octets);
        QCOMPARE(taken.ok() && taken.value() > 0, resumes);
        m_test->config.forwarding = true;
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->answers(2));
        const std::size_t last = change == Change::OtherServer ? 1 : 0;
        const SeenConnection seen = m_test->server(last).observations().connections.back();
        QVERIFY(seen.queries == 1);
        QCOMPARE(seen.offeredTicket, resumes);
        QCOMPARE(seen.resumed, resumes);
    }

    void whatWasExportedIsGone() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0) && m_test->answers(1));
        QVERIFY(!m_test->engine().exportSessions().empty());
        endConnections();
        QVERIFY(m_test->answers(2));
        QVERIFY(!m_test->server().observations().connections.at(1).offeredTicket);
    }

    void rubbishIsNotImported_data() {
        QTest::addColumn<QByteArray>("octets");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("text") << QByteArray("hello, world");
        QTest::newRow("zeros") << QByteArray(4096, '\0');
    }
    void rubbishIsNotImported() {
        QFETCH(QByteArray, octets);
        QVERIFY(m_test->start());
        const auto taken = m_test->engine().importSessions(std::span(
            reinterpret_cast<const std::uint8_t*>(octets.data()), std::size_t(octets.size())));
        QVERIFY(!taken.ok() || taken.value() == 0);
        QVERIFY(m_test->answers(0));
    }

    void sessionsEndWithAChangedUpstream() {
        LeafOptions leaf;
        leaf.dnsNames = {EngineUnderTest::kServerName, "second.sotto.test"};
        m_test->server().setIdentity(m_test->ca().issue(leaf));
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0) && m_test->answers(1));
        m_test->config.upstreams[0].tlsName = "second.sotto.test";
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->answers(2));
        for (const SeenConnection& seen : m_test->server().observations().connections)
            QVERIFY(!seen.offeredTicket);
    }

    /// Resumption skips no check: the certificate that the session came with must still do.
    void resumptionDoesNotSkipTheName() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0) && m_test->answers(1));
        LeafOptions leaf;
        leaf.dnsNames = {"another.test"};
        m_test->server().setIdentity(m_test->ca().issue(leaf));
        m_test->server().changeTicketKeys(); // so that a full handshake shows the new one
        endConnections();
        const auto reply = m_test->ask("n2.example.com");
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{2});
    }

    void earlyData_data() {
        QTest::addColumn<bool>("wanted");
        QTest::addColumn<ZeroRtt>("server");
        QTest::newRow("wanted and accepted") << true << ZeroRtt::Accepted;
        QTest::newRow("wanted, refused") << true << ZeroRtt::Rejected;
        QTest::newRow("wanted, not offered") << true << ZeroRtt::NotOffered;
        QTest::newRow("not wanted") << false << ZeroRtt::Accepted;
    }
    void earlyData() {
        QFETCH(bool, wanted);
        QFETCH(ZeroRtt, server);
        m_test->config.forward.earlyData = wanted;
        m_test->setScript([&](ServerScript& s) { s.earlyData = server; });
        QVERIFY(m_test->start());
        for (int i = 0; i < 6; ++i) {
            QVERIFY(m_test->answers(i));
            endConnections();
        }
        const Observations seen = m_test->server().observations();
        QCOMPARE(seen.handshakes(), std::size_t{6});
        QVERIFY(eachTicketOnce(seen));
        std::size_t offered = 0;
        std::size_t early = 0;
        for (const SeenConnection& connection : seen.connections) {
            offered += connection.offeredEarlyData ? 1 : 0;
            early += connection.earlyQueries;
        }
        const bool offers = wanted && server != ZeroRtt::NotOffered;
        if (!offers)
            QCOMPARE(offered, std::size_t{0});
        else if (server == ZeroRtt::Rejected)
            QCOMPARE(offered, std::size_t{1}); // and never again
        else
            QVERIFY2(early >= 4, qPrintable(QString::number(early)));
        QCOMPARE(early > 0, offers && server == ZeroRtt::Accepted);
        QCOMPARE(m_test->status().earlyData, offers && server == ZeroRtt::Accepted);
        QCOMPARE(m_test->engine().statistics().failed, std::uint64_t{0});
        for (int i = 0; i < 6; ++i)
            QCOMPARE(seen.queriesFor(numberedName(i)), std::size_t{1});
        const auto record = m_test->recordFor(numberedName(5));
        QVERIFY(record);
        QCOMPARE(record->attempts[0].connection == ConnectionUse::EarlyData,
                 offers && server == ZeroRtt::Accepted);
    }

    /// A refusal is remembered over a restart, too.
    void earlyDataStaysRefused() {
        m_test->config.forward.earlyData = true;
        m_test->setScript([](ServerScript& s) { s.earlyData = ZeroRtt::Rejected; });
        QVERIFY(m_test->start());
        for (int i = 0; i < 3; ++i) {
            QVERIFY(m_test->answers(i));
            endConnections();
        }
        QVERIFY(m_test->answers(3));
        const auto octets = m_test->engine().exportSessions();
        m_test->destroyEngine();
        m_test->server().forgetObservations();
        m_test->config.forwarding = false;
        QVERIFY(m_test->start());
        QVERIFY(m_test->engine().importSessions(octets).ok());
        m_test->config.forwarding = true;
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->answers(4));
        for (const SeenConnection& seen : m_test->server().observations().connections)
            QVERIFY(!seen.offeredEarlyData);
    }

    /// Two providers' addresses under one name share what is known of it; what one learns of idle
    /// connections must not undo what the other was refused.
    void earlyDataStaysRefusedBesideAnother() {
        addTwin(ZeroRtt::Rejected);
        m_test->config.upstreams.push_back(m_test->config.upstreams[0]);
        m_test->config.upstreams[1].addresses = {address("127.0.0.2")};
        m_test->config.forward.earlyData = true;
        QVERIFY(m_test->start());
        QTRY_VERIFY(m_test->status(0).state == State::Ready &&
                    m_test->status(1).state == State::Ready);
        QVERIFY(m_test->answers(0));
        endConnections();
        QVERIFY(m_test->answers(1)); // sent early, and refused
        endConnections();
        m_test->server(1).endConnections(Ending::Close);
        QTRY_VERIFY(m_test->status(1).state == State::Idle);
        for (int i = 2; i < 5; ++i) {
            QVERIFY(m_test->answers(i));
            endConnections();
        }
        std::size_t offered = 0;
        for (const SeenConnection& seen : m_test->server().observations().connections)
            offered += seen.offeredEarlyData ? 1 : 0;
        QCOMPARE(offered, std::size_t{1});
    }

    /// A refusal counts for attempts at other addresses that are under way already.
    void earlyDataStaysRefusedInARace() {
        addTwin(ZeroRtt::Accepted);
        m_test->config.upstreams[0].addresses = {address("127.0.0.1"), address("127.0.0.2")};
        m_test->config.forward.earlyData = true;
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0) && m_test->answers(1)); // leaves two tickets
        endConnections();
        m_test->setScript([](ServerScript& s) { // takes them, and fails after a while
            s.oldest = s.newest = ServerScript::Tls::V1_1;
            s.helloDelay = 600ms;
        });
        m_test->server(1).hang(DotServer::NewConnections::Drop);
        UdpClient client(m_test->port());
        QVERIFY(client.send(makeQuery(numberedName(2))));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& now) { return !now.connections.back().failure.empty(); }));
        QVERIFY(m_test->server().observations().connections.back().offeredEarlyData);
        m_test->server(1).wake();
        QTRY_VERIFY_WITH_TIMEOUT(m_test->answers(3), 15'000);
        for (const SeenConnection& seen : m_test->server(1).observations().connections)
            QVERIFY(!seen.offeredEarlyData);
    }

    void fastOpen_data() {
        QTest::addColumn<bool>("wanted");
        QTest::newRow("wanted") << true;
        QTest::newRow("not wanted") << false;
    }
    void fastOpen() {
        if (!systemHasFastOpen())
            QSKIP("net.ipv4.tcp_fastopen does not let servers of this machine use it");
        QFETCH(bool, wanted);
        DotServer::Options options;
        options.fastOpen = true;
        m_test->config.upstreams = {m_test->upstream(m_test->addServer(options))};
        m_test->config.forward.tcpFastOpen = wanted;
        QVERIFY(m_test->start());
        std::size_t withSyn = 0;
        for (int i = 0; i < 5; ++i) {
            QVERIFY(m_test->answers(i));
            m_test->server(1).endConnections(Ending::Close);
            QTRY_VERIFY(m_test->status().state == State::Idle);
        }
        for (const SeenConnection& seen : m_test->server(1).observations().connections)
            withSyn += seen.synData ? 1 : 0;
        QCOMPARE(withSyn >= 3, wanted);
        QCOMPARE(withSyn == 0, !wanted);
    }

private:
    /// Another server at another address and the same port; early data alike at both.
    void addTwin(ZeroRtt earlyData) {
        DotServer::Options options;
        options.address = "127.0.0.2";
        options.port = m_test->server().port();
        m_test->addServer(options);
        for (std::size_t i = 0; i < 2; ++i)
            m_test->setScript([=](ServerScript& s) { s.earlyData = earlyData; }, i);
    }

    void endConnections() {
        // What came early may be answered before the handshake is over.
        QVERIFY(m_test->server().waitFor([](const Observations& now) {
            return now.connections.back().handshakeDone || !now.connections.back().open;
        }));
        m_test->server().endConnections(Ending::Close);
        QTRY_VERIFY(m_test->status().state == State::Idle);
    }

    static bool eachTicketOnce(const Observations& seen) {
        return std::none_of(seen.connections.begin(), seen.connections.end(),
                            [](const SeenConnection& each) { return each.ticketSeenBefore; });
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineSessions)
#include "test_engine_sessions.moc"
