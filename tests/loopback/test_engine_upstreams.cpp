// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::UpstreamStatus;

/// What each upstream has of its own, and how long and how often connections to it are made.
class TestEngineUpstreams : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { m_test.reset(); }

    void eachHasItsOwnNameAndAuthority() {
        make(2);
        const ThrowawayCa other;
        LeafOptions leaf;
        leaf.dnsNames = {"other.sotto.test"};
        m_test->server(1).setIdentity(other.issue(leaf));
        m_test->config.upstreams[1].tlsName = "other.sotto.test";
        m_test->config.upstreams[1].caPem = other.certificatePem();
        m_test->config.policy = sotto::engine::Policy::RoundRobin;
        QVERIFY(m_test->start());
        for (int i = 0; i < 4; ++i)
            QVERIFY(m_test->answers(i));
        for (std::size_t i = 0; i < 2; ++i) {
            const SeenConnection seen = m_test->server(i).observations().connections.at(0);
            QCOMPARE(seen.sni, m_test->config.upstreams[i].tlsName);
            QCOMPARE(m_test->allQueries(i), std::size_t{2});
        }
        // The authority of one is none for the other.
        m_test->server(0).setIdentity(other.issue(EngineUnderTest::serverLeaf()));
        m_test->server(0).changeTicketKeys();
        m_test->server(0).endConnections(Behaviour::Ending::Close);
        for (int i = 4; i < 8; ++i)
            QVERIFY(m_test->answers(i));
        QCOMPARE(m_test->allQueries(0), std::size_t{2});
    }

    void certificatesAreShownToWhoShallSeeThem_data() {
        QTest::addColumn<bool>("configured");
        QTest::addColumn<bool>("demanded");
        QTest::newRow("configured") << true << true;
        QTest::newRow("none") << false << true;
        QTest::newRow("not asked for") << true << false;
    }
    void certificatesAreShownToWhoShallSeeThem() {
        QFETCH(bool, configured);
        QFETCH(bool, demanded);
        make(2);
        LeafOptions leaf;
        leaf.usage = LeafOptions::Usage::Client;
        const Identity identity = m_test->ca().issue(leaf);
        if (configured) {
            m_test->config.upstreams[0].clientCertificatePem = identity.chainPem;
            m_test->config.upstreams[0].clientKeyPem = identity.keyPem;
        }
        using Wanted = ServerScript::ClientCertificate;
        m_test->setScript([&](ServerScript& s) {
            s.clientCertificate = demanded ? Wanted::Demanded : Wanted::NotAsked;
        });
        m_test->setScript([](ServerScript& s) { s.clientCertificate = Wanted::Asked; }, 1);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        const bool accepted = configured || !demanded;
        QCOMPARE(m_test->allQueries(0), std::size_t{accepted ? 1U : 0U});
        QCOMPARE(m_test->server().observations().connections.at(0).clientPin,
                 configured && demanded ? identity.pin() : std::string());
        m_test->server(0).stop();
        QVERIFY(m_test->answers(1));
        QCOMPARE(m_test->server(1).observations().connections.at(0).clientPin, std::string());
    }

    void uselessClientCertificatesAreRefused_data() {
        QTest::addColumn<bool>("certificate");
        QTest::addColumn<bool>("key");
        QTest::addColumn<bool>("fit");
        QTest::newRow("no key") << true << false << true;
        QTest::newRow("no certificate") << false << true << true;
        QTest::newRow("another's key") << true << true << false;
    }
    void uselessClientCertificatesAreRefused() {
        QFETCH(bool, certificate);
        QFETCH(bool, key);
        QFETCH(bool, fit);
        make(1);
        const Identity identity = ThrowawayCa::selfSigned({});
        const Identity other = ThrowawayCa::selfSigned({});
        auto& upstream = m_test->config.upstreams[0];
        upstream.clientCertificatePem = certificate ? identity.chainPem : std::string();
        upstream.clientKeyPem = key ? (fit ? identity : other).keyPem : std::string();
        const auto started = sotto::engine::Engine::start(m_test->config, {});
        QVERIFY(!started.ok());
        QVERIFY(!started.error().detail.empty());
    }

    void sourceAddresses_data() {
        QTest::addColumn<QString>("source");
        QTest::newRow("127.0.0.2") << QString("127.0.0.2");
        QTest::newRow("the system's choice") << QString();
    }
    void sourceAddresses() {
        QFETCH(QString, source);
        make(1);
        if (!source.isEmpty())
            m_test->config.forward.sourceAddressV4 = address(source.toStdString());
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        QCOMPARE(m_test->server().observations().connections.at(0).client,
                 source.isEmpty() ? std::string("127.0.0.1") : source.toStdString());
    }

    /// Idle for longer, a connection is not used again, though the server would keep it.
    void expire() {
        make(1);
        m_test->config.forward.expire = 150ms;
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        QVERIFY(m_test->answers(1)); // at once: the same connection
        waitUntilOlder(400ms);
        QVERIFY(m_test->answers(2));
        const Observations seen = m_test->server().observations();
        QCOMPARE(connectionOf(seen, 0), connectionOf(seen, 1));
        QVERIFY(connectionOf(seen, 2) != connectionOf(seen, 1));
    }

    /// Older, a connection is left though it is busy; nothing is lost.
    void maxAge() {
        make(1);
        m_test->config.forward.maxAge = 200ms;
        QVERIFY(m_test->start());
        QElapsedTimer timer;
        timer.start();
        int asked = 0;
        const auto connections = [&] { return m_test->server().observations().connections.size(); };
        while (connections() < 4 && timer.elapsed() < 10'000)
            QVERIFY(m_test->answers(asked++ % 256) && m_test->engine().flushCache() > 0);
        QVERIFY(connections() >= 4);
        QVERIFY2(timer.elapsed() > 500, "they were used as long as they may be");
        const Observations seen = m_test->server().observations();
        for (const SeenConnection& connection : seen.connections)
            for (const SeenQuery& query : seen.queries)
                if (query.connection == connection.id)
                    QVERIFY(query.at - connection.acceptedAt < 1200ms);
        QCOMPARE(m_test->engine().statistics().failed, std::uint64_t{0});
    }

    void connectionsPerUpstream_data() {
        QTest::addColumn<int>("most");
        QTest::newRow("one") << 1;
        QTest::newRow("three") << 3;
    }
    void connectionsPerUpstream() {
        QFETCH(int, most);
        make(1);
        m_test->config.forward.maxConnections = unsigned(most);
        m_test->setScript([](ServerScript& s) {
            s.behaviour.delay = 200ms;
            s.maxInFlight = 4; // TCP's flow control is what load looks like
        });
        QVERIFY(m_test->start());
        QVERIFY(m_test->askMany(60));
        QVERIFY(m_test->server().observations().connections.size() <= std::size_t(most));
    }

    void connectAttemptsAreBounded_data() {
        QTest::addColumn<int>("most");
        QTest::addColumn<int>("expected");
        QTest::newRow("one") << 1 << 1;
        QTest::newRow("two") << 2 << 2;
        QTest::newRow("no limit") << 0 << 4;
    }
    /// Of four servers that reset whoever comes, so many are tried for one query.
    void connectAttemptsAreBounded() {
        QFETCH(int, most);
        QFETCH(int, expected);
        make(4);
        m_test->config.forward.maxConnectAttempts = unsigned(most);
        m_test->config.forward.maxFails = 0;
        for (std::size_t i = 0; i < 4; ++i)
            m_test->setScript([](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Reset; },
                              i);
        m_test->config.forwarding = false; // no connection ahead of the query
        QVERIFY(m_test->start());
        m_test->config.forwarding = true;
        QVERIFY(m_test->reconfigure());
        QTRY_VERIFY(accepted() >= 4); // ahead of the query, all the same
        const std::size_t before = accepted();
        const auto reply = m_test->ask("n0.example.com");
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        const auto record = m_test->recordFor("n0.example.com");
        QVERIFY(record);
        if (most > 0) {
            QVERIFY2(accepted() - before <= std::size_t(expected),
                     qPrintable(QString::number(accepted() - before)));
            QVERIFY(record->attemptCount >= 1);
        } else {
            QVERIFY(record->attemptCount >= expected);
        }
    }

    void statusTellsWhatIsKnown() {
        make(1);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0) && m_test->answers(1));
        const UpstreamStatus status = m_test->status();
        QVERIFY(status.state == UpstreamStatus::State::Ready);
        QVERIFY(status.address == address("127.0.0.1"));
        QVERIFY(status.config.clientKeyPem.empty() && status.config.caPem.empty());
        QCOMPARE(status.openConnections, 1U);
        QCOMPARE(status.inFlight, 0U);
        QCOMPARE(status.connections, std::uint64_t{1});
        QCOMPARE(status.answers, std::uint64_t{2});
        QVERIFY(status.medianRttMillis > 0 && status.smoothedRttMillis > 0);
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
        QVERIFY(status.certificateExpiresUnixSeconds > now + 23 * 3600 &&
                status.certificateExpiresUnixSeconds < now + 25 * 3600);
    }

private:
    void make(std::size_t servers) { m_test = std::make_unique<EngineUnderTest>(servers); }

    /// Until the youngest query lies so far back.
    void waitUntilOlder(std::chrono::milliseconds age) {
        const auto last = m_test->server().observations().queries.back().at;
        QTRY_VERIFY(TestClock::now() - last > age);
    }

    static std::uint64_t connectionOf(const Observations& seen, int number) {
        const SeenQuery* query = seen.firstFor(numberedName(number));
        return query ? query->connection : 0;
    }

    std::size_t accepted() {
        std::size_t all = 0;
        for (std::size_t i = 0; i < 4; ++i)
            all += m_test->server(i).observations().connections.size();
        return all;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineUpstreams)
#include "test_engine_upstreams.moc"
