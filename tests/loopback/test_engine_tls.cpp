// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::UpstreamStatus;

namespace {

enum class Flaw {
    WrongName,
    ParentName,
    ChildName,
    OnlyCommonName,
    Expired,
    NotYetValid,
    UnknownCa,
    SelfSigned,
    SignedByLeaf,
    ForClients,
    NoAddress,
    WrongAddress,
    OldTls,
};

} // namespace

Q_DECLARE_METATYPE(Flaw)

/// The strict profile (RFC 8310 §5): without the right certificate not one query leaves.
class TestEngineTls : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(); }
    void cleanup() { m_test.reset(); }

    void flawedServersGetNoQuery_data() {
        QTest::addColumn<Flaw>("flaw");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("wrong name") << Flaw::WrongName << QByteArray("is not for dot.sotto.test");
        QTest::newRow("parent name") << Flaw::ParentName << QByteArray("it is for sotto.test");
        QTest::newRow("child name") << Flaw::ChildName << QByteArray("is not for dot.sotto.test");
        QTest::newRow("name in the subject only")
            << Flaw::OnlyCommonName << QByteArray("carries no name");
        QTest::newRow("expired") << Flaw::Expired << QByteArray("expired on");
        QTest::newRow("not yet valid") << Flaw::NotYetValid << QByteArray("valid only from");
        QTest::newRow("unknown CA") << Flaw::UnknownCa << QByteArray("not signed by a trusted");
        QTest::newRow("self-signed") << Flaw::SelfSigned << QByteArray("self-signed");
        QTest::newRow("signed by a leaf") << Flaw::SignedByLeaf << QByteArray("certificate");
        QTest::newRow("for clients") << Flaw::ForClients << QByteArray("not meant for servers");
        QTest::newRow("no address") << Flaw::NoAddress << QByteArray("is not for 127.0.0.1");
        QTest::newRow("wrong address") << Flaw::WrongAddress << QByteArray("it is for 127.0.0.2");
        QTest::newRow("TLS 1.1") << Flaw::OldTls << QByteArray("TLS");
    }
    void flawedServersGetNoQuery() {
        QFETCH(Flaw, flaw);
        QFETCH(QByteArray, says);
        apply(flaw);
        QVERIFY(m_test->start());
        for (int i = 0; i < 3; ++i) {
            QElapsedTimer timer;
            timer.start();
            const auto reply = m_test->ask(numberedName(i), rr::kA, withEdns());
            QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
            QVERIFY(reply && reply->rcode == rcode::kServFail && extendedError(*reply));
        }
        const UpstreamStatus status = m_test->status();
        QVERIFY(status.state == UpstreamStatus::State::Failing);
        QVERIFY2(status.lastError.find(says.constData()) != std::string::npos,
                 status.lastError.c_str());
        QVERIFY(status.lastErrorUnixSeconds > 0);
        QCOMPARE(m_test->allQueries(), std::size_t{0});
        QCOMPARE(status.queries, std::uint64_t{0});
    }

    void swappedInServiceItIsNoticed_data() { flawedServersGetNoQuery_data(); }
    void swappedInServiceItIsNoticed() {
        QFETCH(Flaw, flaw);
        if (flaw == Flaw::NoAddress || flaw == Flaw::WrongAddress) {
            m_test->config.upstreams[0].tlsName.clear();
            LeafOptions leaf;
            leaf.ipAddresses = {"127.0.0.1"};
            m_test->server().setIdentity(m_test->ca().issue(leaf));
        }
        QVERIFY(m_test->start());
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
        apply(flaw);
        // With the old keys it could resume the session in which it was verified.
        m_test->server().changeTicketKeys();
        m_test->server().endConnections(Behaviour::Ending::Close);
        QTRY_VERIFY(m_test->status().state == UpstreamStatus::State::Idle);
        const auto reply = m_test->ask("other.example.com");
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80")); // still cached
    }

    void namesAreSentAndVerified() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask("www.example.com"));
        const SeenConnection seen = m_test->server().observations().connections.at(0);
        QCOMPARE(seen.sni, std::string(EngineUnderTest::kServerName));
        QCOMPARE(seen.offeredAlpn, std::vector<std::string>{"dot"});
        QCOMPARE(seen.alpn, std::string("dot"));
        QCOMPARE(m_test->status().tlsVersion, seen.tlsVersion);
        QCOMPARE(m_test->status().cipher, seen.cipher);
    }

    void addressesAreVerifiedAndNotSent_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("no name") << QByteArray();
        QTest::newRow("the address as the name") << QByteArray("127.0.0.1");
    }
    void addressesAreVerifiedAndNotSent() {
        QFETCH(QByteArray, name);
        LeafOptions leaf;
        leaf.ipAddresses = {"127.0.0.1", "::1"};
        leaf.dnsNames = {"another.sotto.test"};
        m_test->server().setIdentity(m_test->ca().issue(leaf));
        m_test->config.upstreams[0].tlsName = name.toStdString();
        QVERIFY(m_test->start());
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
        QCOMPARE(m_test->server().observations().connections.at(0).sni, std::string());
    }

    void wildcardsReachOneLabel() {
        LeafOptions leaf;
        leaf.dnsNames = {"*.sotto.test"};
        m_test->server().setIdentity(m_test->ca().issue(leaf));
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask("www.example.com")->answer(rr::kA));
        m_test->config.upstreams[0].tlsName = "deep.dot.sotto.test";
        QVERIFY(m_test->reconfigure());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void pins_data() {
        QTest::addColumn<bool>("right");
        QTest::addColumn<bool>("wrong");
        QTest::newRow("right") << true << false;
        QTest::newRow("wrong") << false << true;
        QTest::newRow("one of two") << true << true;
    }
    void pins() {
        QFETCH(bool, right);
        QFETCH(bool, wrong);
        const Identity identity = m_test->ca().issue(EngineUnderTest::serverLeaf());
        m_test->server().setIdentity(identity);
        auto& pins = m_test->config.upstreams[0].pins;
        if (wrong)
            pins.push_back(m_test->ca().issue(EngineUnderTest::serverLeaf()).pin());
        if (right)
            pins.push_back(identity.pin());
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply);
        QCOMPARE(reply->rcode, right ? rcode::kNoError : rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{right ? 1U : 0U});
        if (!right) {
            const std::string error = m_test->status().lastError;
            QVERIFY2(error.find(identity.pin()) != std::string::npos, error.c_str());
        }
    }

    void aPinDoesNotReplaceTheCertificate() {
        const Identity identity = ThrowawayCa().issue(EngineUnderTest::serverLeaf());
        m_test->server().setIdentity(identity);
        m_test->config.upstreams[0].pins = {identity.pin()};
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    void theSystemsAuthoritiesDoNotKnowOurs() {
        m_test->config.upstreams[0].caPem.clear();
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    void tls12IsEnough() {
        m_test->setScript([](ServerScript& s) {
            s.newest = ServerScript::Tls::V1_2;
            s.alpn = false;
        });
        QVERIFY(m_test->start());
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
        QCOMPARE(m_test->status().tlsVersion, std::string("TLSv1.2"));
    }

    void manyQueriesWaitForTheHandshake() {
        // All of them are given before the connection is known to be refused.
        apply(Flaw::WrongName);
        QVERIFY(m_test->start());
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < 50; ++i) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery(numberedName(i))));
        }
        for (const auto& client : clients) {
            const auto reply = client->receive(2s);
            QVERIFY(reply && reply->message && reply->message->rcode == rcode::kServFail);
        }
        QCOMPARE(m_test->allQueries(), std::size_t{0});
        QVERIFY(m_test->server().observations().connections.size() < 10);
    }

private:
    void apply(Flaw flaw) {
        LeafOptions leaf = EngineUnderTest::serverLeaf();
        const ThrowawayCa& ca = m_test->ca();
        const auto use = [&](Identity identity) {
            m_test->server().setIdentity(std::move(identity));
        };
        switch (flaw) {
        case Flaw::WrongName:
            leaf.dnsNames = {"another.test"};
            break;
        case Flaw::ParentName:
            leaf.dnsNames = {"sotto.test"};
            break;
        case Flaw::ChildName:
            leaf.dnsNames = {"a.dot.sotto.test"};
            break;
        case Flaw::OnlyCommonName:
            leaf.dnsNames.clear();
            leaf.commonName = EngineUnderTest::kServerName;
            break;
        case Flaw::Expired:
            leaf.validFrom = -48h;
            leaf.validUntil = -1h;
            break;
        case Flaw::NotYetValid:
            leaf.validFrom = 1h;
            break;
        case Flaw::UnknownCa:
            return use(ThrowawayCa().issue(leaf));
        case Flaw::SelfSigned:
            return use(ThrowawayCa::selfSigned(leaf));
        case Flaw::SignedByLeaf:
            return use(ca.issueSignedByLeaf(leaf, ca.issue(leaf)));
        case Flaw::ForClients:
            leaf.usage = LeafOptions::Usage::Client;
            break;
        case Flaw::NoAddress:
            m_test->config.upstreams[0].tlsName.clear();
            break;
        case Flaw::WrongAddress:
            m_test->config.upstreams[0].tlsName.clear();
            leaf.dnsNames.clear();
            leaf.ipAddresses = {"127.0.0.2"};
            break;
        case Flaw::OldTls:
            return m_test->setScript([](ServerScript& s) {
                s.oldest = ServerScript::Tls::V1_1;
                s.newest = ServerScript::Tls::V1_1;
            });
        }
        use(ca.issue(leaf));
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineTls)
#include "test_engine_tls.moc"
