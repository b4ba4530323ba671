// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dot_server.h"
#include "support/tls_probe.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using ZeroRtt = ServerScript::ZeroRtt;

Q_DECLARE_METATYPE(sotto::test::ServerScript::ZeroRtt)

namespace {

constexpr char kZone[] = "$TTL 300\n$ORIGIN example.com.\n@ SOA ns h 1 1 1 1 60\n@ A 192.0.2.1\n";

} // namespace

/// What the tests' server does with tickets, early data and client certificates.
class TestServerSessions : public QObject {
    Q_OBJECT

private slots:
    void init() {
        std::string error;
        LeafOptions leaf;
        leaf.dnsNames = {"dot.sotto.test"};
        m_server = std::make_unique<DotServer>(m_ca.issue(leaf), *ZoneSet::fromText(kZone, error));
        QVERIFY2(m_server->start(&error), error.c_str());
    }
    void cleanup() { m_server.reset(); }

    void sessionsAreResumed_data() {
        QTest::addColumn<bool>("tls13");
        QTest::newRow("TLS 1.3") << true;
        QTest::newRow("TLS 1.2") << false;
    }
    void sessionsAreResumed() {
        QFETCH(bool, tls13);
        const auto session = freshSession(tls13);
        QVERIFY(session);
        for (int i = 0; i < 2; ++i) {
            TlsProbe again(m_server->port());
            again.setSession(session);
            if (!tls13)
                again.setNewest12();
            QVERIFY(again.connect());
            QVERIFY(ask(again));
            QVERIFY2(again.wasResumed(), qPrintable(QString::number(i)));
        }
        const auto seen = m_server->observations().connections;
        QVERIFY(!seen.at(0).offeredTicket && !seen[0].resumed);
        QVERIFY(seen.at(1).offeredTicket && seen[1].resumed && !seen[1].ticketSeenBefore);
        QVERIFY(seen.at(2).offeredTicket && seen[2].resumed && seen[2].ticketSeenBefore);
        QCOMPARE(m_server->observations().resumptions(), std::size_t{2});
    }

    void resumptionFails_data() {
        QTest::addColumn<bool>("otherKeys");
        QTest::newRow("other keys") << true;
        QTest::newRow("no tickets any more") << false;
    }
    void resumptionFails() {
        QFETCH(bool, otherKeys);
        const auto session = freshSession();
        QVERIFY(session);
        if (otherKeys)
            m_server->changeTicketKeys();
        else
            setScript([](ServerScript& s) { s.tickets = false; });
        TlsProbe again(m_server->port());
        again.setSession(session);
        QVERIFY(again.connect() && !again.wasResumed() && ask(again));
        QVERIFY(otherKeys == (again.session() != nullptr));
        const auto seen = m_server->observations().connections.at(1);
        QVERIFY(seen.offeredTicket && !seen.resumed);
    }

    void earlyData_data() {
        QTest::addColumn<ZeroRtt>("mode");
        QTest::newRow("accepted") << ZeroRtt::Accepted;
        QTest::newRow("rejected") << ZeroRtt::Rejected;
    }
    void earlyData() {
        QFETCH(ZeroRtt, mode);
        const bool accepted = mode == ZeroRtt::Accepted;
        setScript([&](ServerScript& s) { s.earlyData = mode; });
        const auto session = freshSession();
        QVERIFY(session && SSL_SESSION_get_max_early_data(session.get()) > 0);
        TlsProbe early(m_server->port());
        early.setSession(session);
        QVERIFY(early.connectEarly(makeQuery("example.com")));
        QVERIFY(early.wasResumed());
        QCOMPARE(early.earlyWasAccepted(), accepted);
        if (!accepted)
            QVERIFY(early.send(makeQuery("example.com")));
        const auto reply = early.receive();
        QVERIFY(reply && reply->answer(rr::kA));

        const Observations seen = m_server->observations();
        const SeenConnection& second = seen.connections.at(1);
        QVERIFY(second.offeredEarlyData);
        QCOMPARE(second.earlyDataAccepted, accepted);
        QCOMPARE(second.queries, std::size_t{1});
        QCOMPARE(second.earlyQueries, std::size_t{accepted ? 1U : 0U});
        QCOMPARE(seen.queries.back().early, accepted);
        QVERIFY(!seen.connections[0].offeredEarlyData && !seen.queries[0].early);
    }

    void noEarlyDataUnlessOffered() {
        const auto session = freshSession();
        QVERIFY(session);
        QCOMPARE(SSL_SESSION_get_max_early_data(session.get()), 0U);
        TlsProbe early(m_server->port());
        early.setSession(session);
        QVERIFY(!early.connectEarly(makeQuery("example.com")));
    }

    void certificatesOfClients_data() {
        using Wanted = ServerScript::ClientCertificate;
        QTest::addColumn<int>("wanted");
        QTest::addColumn<bool>("shown");
        QTest::newRow("not asked for") << int(Wanted::NotAsked) << true;
        QTest::newRow("asked for") << int(Wanted::Asked) << true;
        QTest::newRow("asked for, none") << int(Wanted::Asked) << false;
        QTest::newRow("demanded") << int(Wanted::Demanded) << true;
        QTest::newRow("demanded, none") << int(Wanted::Demanded) << false;
    }
    void certificatesOfClients() {
        using Wanted = ServerScript::ClientCertificate;
        QFETCH(int, wanted);
        QFETCH(bool, shown);
        const Wanted want = static_cast<Wanted>(wanted);
        setScript([&](ServerScript& s) { s.clientCertificate = want; });
        const Identity identity = ThrowawayCa::selfSigned({});
        TlsProbe client(m_server->port());
        if (shown)
            client.setIdentity(identity);
        const bool good = client.connect() && ask(client);
        QCOMPARE(good, shown || want != Wanted::Demanded);
        const SeenConnection seen = m_server->observations().connections.at(0);
        QCOMPARE(seen.clientPin,
                 shown && want != Wanted::NotAsked ? identity.pin() : std::string());
        QCOMPARE(seen.handshakeDone, good);
    }

    void handshakesAreSlow_data() {
        QTest::addColumn<bool>("within");
        QTest::newRow("before the hello") << false;
        QTest::newRow("within it") << true;
    }
    void handshakesAreSlow() {
        QFETCH(bool, within);
        setScript([&](ServerScript& s) { (within ? s.helloGap : s.helloDelay) = 120ms; });
        QElapsedTimer timer;
        timer.start();
        TlsProbe client(m_server->port());
        QVERIFY(client.connect());
        QVERIFY2(timer.elapsed() >= 115, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(ask(client));
    }

private:
    void setScript(const std::function<void(ServerScript&)>& change) {
        ServerScript script;
        change(script);
        m_server->setScript(script);
    }
    static bool ask(TlsProbe& client) {
        if (!client.send(makeQuery("example.com")))
            return false;
        const auto reply = client.receive();
        return reply && reply->answer(rr::kA);
    }
    TlsProbe::Session freshSession(bool tls13 = true) {
        TlsProbe client(m_server->port());
        if (!tls13)
            client.setNewest12();
        return client.connect() && ask(client) ? client.session() : nullptr;
    }

    ThrowawayCa m_ca;
    std::unique_ptr<DotServer> m_server;
};

QTEST_GUILESS_MAIN(TestServerSessions)
#include "test_server_sessions.moc"
