// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dns_client.h"
#include "support/dot_server.h"
#include "support/rdata_text.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace sotto::test;
using namespace std::chrono_literals;
using State = StreamClient::State;

Q_DECLARE_METATYPE(std::function<bool(const sotto::test::Message&)>)
Q_DECLARE_METATYPE(sotto::test::Behaviour)
Q_DECLARE_METATYPE(sotto::test::Behaviour::Ending)
Q_DECLARE_METATYPE(sotto::test::StreamClient::State)
Q_DECLARE_METATYPE(sotto::test::ServerScript::AtAccept)

namespace {

constexpr char kServerName[] = "dot.sotto.test";
constexpr char kZone[] = R"($TTL 300
$ORIGIN example.com.
@ SOA ns hostmaster 1 1 1 1 60
@ A 192.0.2.1
@ TXT "hello"
slow A 192.0.2.2
fast A 192.0.2.3
)";

LeafOptions leaf(const char* name = kServerName) {
    LeafOptions options;
    options.dnsNames = {name};
    return options;
}

Behaviour with(const std::function<void(Behaviour&)>& change) {
    Behaviour behaviour;
    change(behaviour);
    return behaviour;
}

} // namespace

class TestDotServer : public QObject {
    Q_OBJECT

private slots:
    void init() {
        std::string error;
        auto zones = ZoneSet::fromText(kZone, error);
        QVERIFY2(zones, error.c_str());
        m_server = std::make_unique<DotServer>(m_ca.issue(leaf()), *zones);
        QVERIFY2(m_server->start(&error), error.c_str());
        QVERIFY(m_server->port() != 0);
    }
    void cleanup() { m_server.reset(); }

    void answersAndRecords() {
        auto client = connect();
        const Message query = makeQuery("Example.com", rr::kA);
        const auto reply = client->ask(query);
        QVERIFY(reply && reply->message);
        QCOMPARE(*reply->message->answer(rr::kA), rdata(rr::kA, "192.0.2.1"));
        QVERIFY(reply->message->questions == query.questions);

        const Observations seen = m_server->observations();
        QCOMPARE(seen.connections.size(), std::size_t{1});
        const SeenConnection& connection = seen.connections[0];
        QVERIFY(connection.handshakeDone && connection.open && !connection.resumed);
        QCOMPARE(connection.sni, std::string(kServerName));
        QCOMPARE(connection.alpn, std::string("dot"));
        QCOMPARE(connection.offeredAlpn, std::vector<std::string>{"dot"});
        QCOMPARE(connection.tlsVersion, std::string("TLSv1.3"));
        QCOMPARE(seen.queries.size(), std::size_t{1});
        QCOMPARE(seen.queries[0].raw, query.toWire());
        QCOMPARE(seen.queriesFor("EXAMPLE.com", rr::kA), std::size_t{1});
        QCOMPARE(seen.queriesFor("example.com", rr::kTxt), std::size_t{0});

        client.reset();
        QVERIFY(
            m_server->waitFor([](const Observations& now) { return now.openConnections() == 0; }));
    }

    void delayedAnswersAreOvertaken() {
        ServerScript script;
        script.byName["slow.example.com"] = with([](Behaviour& b) { b.delay = 100ms; });
        m_server->setScript(script);
        auto client = connect();
        QVERIFY(client->send(makeQuery("slow.example.com")));
        QVERIFY(client->send(makeQuery("fast.example.com")));
        const auto first = client->receive();
        const auto second = client->receive();
        QVERIFY(first && first->message && second && second->message);
        QCOMPARE(*first->message->answer(rr::kA), rdata(rr::kA, "192.0.2.3"));
        QCOMPARE(*second->message->answer(rr::kA), rdata(rr::kA, "192.0.2.2"));
        QCOMPARE(m_server->observations().connections[0].mostInFlight, std::size_t{2});
    }

    void answersAreSpoilt_data() {
        using Check = std::function<bool(const Message&)>;
        QTest::addColumn<Behaviour>("behaviour");
        QTest::addColumn<Check>("isSpoilt");
        using Q = Behaviour::Question;
        const auto row = [](const char* name, const std::function<void(Behaviour&)>& change,
                            Check check) {
            QTest::newRow(name) << with(change) << std::move(check);
        };
        row(
            "id", [](Behaviour& b) { b.wrongId = true; },
            [](const Message& m) { return m.id == 0x1235; });
        row(
            "name", [](Behaviour& b) { b.question = Q::OtherName; },
            [](const Message& m) {
                return m.questions.at(0).name.toText() == "another.name.test.";
            });
        row(
            "type", [](Behaviour& b) { b.question = Q::OtherType; },
            [](const Message& m) { return m.questions.at(0).type == rr::kAaaa; });
        row(
            "class", [](Behaviour& b) { b.question = Q::OtherClass; },
            [](const Message& m) { return m.questions.at(0).klass == 3; });
        row(
            "case", [](Behaviour& b) { b.question = Q::OtherCase; },
            [](const Message& m) { return m.questions.at(0).name.toText() == "EXAMPLE.COM."; });
        row(
            "no question", [](Behaviour& b) { b.question = Q::LeftOut; },
            [](const Message& m) { return m.questions.empty() && m.answers.size() == 1; });
        row(
            "QR", [](Behaviour& b) { b.asQuery = true; },
            [](const Message& m) { return !m.response; });
        row(
            "TC", [](Behaviour& b) { b.truncated = true; },
            [](const Message& m) { return m.truncated; });
        row(
            "AD", [](Behaviour& b) { b.authenticData = true; },
            [](const Message& m) { return m.authenticData; });
        row(
            "rcode", [](Behaviour& b) { b.rcode = rcode::kServFail; },
            [](const Message& m) { return m.rcode == rcode::kServFail && m.answers.empty(); });
    }
    void answersAreSpoilt() {
        QFETCH(Behaviour, behaviour);
        QFETCH(std::function<bool(const Message&)>, isSpoilt);
        QueryOptions options;
        options.id = 0x1234;
        const Message query = makeQuery("example.com", rr::kA, options);
        auto client = connect();
        const auto good = client->ask(query);
        QVERIFY(good && good->message && !isSpoilt(*good->message));
        ServerScript script;
        script.behaviour = behaviour;
        m_server->setScript(script);
        const auto spoilt = client->ask(query);
        QVERIFY(spoilt && spoilt->message && isSpoilt(*spoilt->message));
    }

    void answersGrow_data() {
        QTest::addColumn<int>("size");
        for (const int size : {59, 60, 1233, 4096 + 46, 4096 + 47, 4096 + 60, 65535})
            QTest::newRow(qPrintable(QString::number(size))) << size;
    }
    void answersGrow() {
        QFETCH(int, size);
        setBehaviour([size](Behaviour& b) { b.size = static_cast<std::size_t>(size); });
        const auto reply = connect()->ask(makeQuery("example.com"));
        QVERIFY(reply && reply->message);
        QCOMPARE(int(reply->raw.size()), size);
    }

    void rawDuplicateAndUnsolicited() {
        auto client = connect();
        setBehaviour([](Behaviour& b) { b.raw = Bytes{0xff, 0x00}; });
        const auto raw = client->ask(makeQuery("example.com"));
        QVERIFY(raw && !raw->message);
        QCOMPARE(raw->raw, (Bytes{0xff, 0x00}));

        setBehaviour([](Behaviour& b) {
            b.unsolicitedFirst = true;
            b.copies = 2;
        });
        const Message query = makeQuery("example.com");
        const auto first = client->ask(query);
        const auto second = client->receive();
        const auto third = client->receive();
        QVERIFY(first && second && third);
        QVERIFY(first->message &&
                !first->message->questions.at(0).name.sameAs(query.questions[0].name));
        QCOMPARE(second->message->id, query.id);
        QCOMPARE(second->raw, third->raw);
    }

    void dropIsLimited() {
        setBehaviour([](Behaviour& b) {
            b.drop = true;
            b.times = 1;
        });
        auto client = connect();
        QVERIFY(client->send(makeQuery("slow.example.com")));
        const auto reply = client->ask(makeQuery("fast.example.com"));
        QVERIFY(reply && reply->message &&
                reply->message->questions.at(0).name.labels[0] == "fast");
        QVERIFY(!client->receive(30ms));
    }

    void endingsDiffer_data() {
        QTest::addColumn<Behaviour::Ending>("ending");
        QTest::addColumn<bool>("half");
        QTest::addColumn<State>("state");
        using Ending = Behaviour::Ending;
        QTest::newRow("close") << Ending::Close << false << State::Closed;
        QTest::newRow("no close_notify")
            << Ending::CloseWithoutNotify << false << State::ClosedWithoutNotify;
        QTest::newRow("reset") << Ending::Reset << false << State::Reset;
        QTest::newRow("half a frame") << Ending::KeepOpen << true << State::Closed;
    }
    void endingsDiffer() {
        QFETCH(Behaviour::Ending, ending);
        QFETCH(bool, half);
        QFETCH(State, state);
        setBehaviour([&](Behaviour& b) {
            b.ending = ending;
            b.halfFrame = half;
            b.drop = ending == Behaviour::Ending::Reset;
        });
        auto client = connect();
        const auto reply = client->ask(makeQuery("example.com"));
        QCOMPARE(reply.has_value(), !half && ending != Behaviour::Ending::Reset);
        QVERIFY(client->waitForEnd());
        QVERIFY2(client->state() == state, client->errorText().c_str());
    }

    void closesAfterSomeAnswers() {
        ServerScript script;
        script.closeAfterAnswers = 2;
        m_server->setScript(script);
        auto client = connect();
        QVERIFY(client->ask(makeQuery("example.com")));
        QVERIFY(client->ask(makeQuery("example.com")));
        QVERIFY(client->waitForEnd());
        QVERIFY(client->state() == State::Closed);
    }

    void closesIdleConnections() {
        ServerScript script;
        script.idleClose = 30ms;
        m_server->setScript(script);
        QVERIFY(connect()->waitForEnd());
    }

    void reorders() {
        ServerScript script;
        script.reorder = 3;
        m_server->setScript(script);
        auto client = connect();
        std::vector<std::uint16_t> ids;
        for (const char* name : {"slow.example.com", "fast.example.com", "example.com"}) {
            const Message query = makeQuery(name);
            ids.insert(ids.begin(), query.id);
            QVERIFY(client->send(query));
        }
        for (const std::uint16_t id : ids) {
            const auto reply = client->receive();
            QVERIFY(reply && reply->message);
            QCOMPARE(reply->message->id, id);
        }
        QVERIFY(client->ask(makeQuery("example.com"))); // the rest follows after reorderWait
    }

    void acceptsBadly_data() {
        QTest::addColumn<ServerScript::AtAccept>("how");
        QTest::newRow("close") << ServerScript::AtAccept::Close;
        QTest::newRow("reset") << ServerScript::AtAccept::Reset;
        QTest::newRow("stall") << ServerScript::AtAccept::Stall;
    }
    void acceptsBadly() {
        QFETCH(ServerScript::AtAccept, how);
        ServerScript script;
        script.atAccept = how;
        m_server->setScript(script);
        StreamClient client(m_server->port(), tls(), "127.0.0.1", 200ms);
        const bool stalls = how == ServerScript::AtAccept::Stall;
        QVERIFY((client.state() == State::TimedOut) == stalls);
        QVERIFY(
            m_server->waitFor([](const Observations& seen) { return !seen.connections.empty(); }));
        QCOMPARE(m_server->observations().handshakes(), std::size_t{0});
    }

    void certificatesAreChecked_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("another name") << 0;
        QTest::newRow("expired") << 1;
        QTest::newRow("not yet valid") << 2;
        QTest::newRow("for clients") << 3;
        QTest::newRow("self-signed") << 4;
        QTest::newRow("signed by a leaf") << 5;
        QTest::newRow("another CA") << 6;
    }
    void certificatesAreChecked() {
        QFETCH(int, kind);
        LeafOptions options = leaf(kind == 0 ? "other.sotto.test" : kServerName);
        if (kind == 1) {
            options.validFrom = -48h;
            options.validUntil = -1h;
        } else if (kind == 2) {
            options.validFrom = 1h;
        } else if (kind == 3) {
            options.usage = LeafOptions::Usage::Client;
        }
        Identity identity = kind == 4   ? ThrowawayCa::selfSigned(options)
                            : kind == 5 ? m_ca.issueSignedByLeaf(options, m_ca.issue(leaf()))
                            : kind == 6 ? ThrowawayCa().issue(options)
                                        : m_ca.issue(options);
        QVERIFY(connect()->state() == State::Open);
        m_server->setIdentity(std::move(identity)); // while it runs
        const auto client = connect();
        QVERIFY(client->state() == State::Failed);
        QVERIFY(m_server->waitFor([](const Observations& seen) {
            return seen.connections.size() == 2 && !seen.connections[1].failure.empty();
        }));
        QCOMPARE(m_server->observations().handshakes(), std::size_t{1});
    }

    void versionsAndAlpnFollowTheScript() {
        ServerScript script;
        script.newest = ServerScript::Tls::V1_2;
        script.alpn = false;
        m_server->setScript(script);
        QVERIFY(connect()->ask(makeQuery("example.com")));
        const SeenConnection first = m_server->observations().connections.at(0);
        QCOMPARE(first.tlsVersion, std::string("TLSv1.2"));
        QCOMPARE(first.alpn, std::string());
        QCOMPARE(first.offeredAlpn, std::vector<std::string>{"dot"});

        script.oldest = script.newest = ServerScript::Tls::V1_1;
        m_server->setScript(script);
        QVERIFY(connect()->state() == State::Failed);
        StreamClient::Tls old = tls();
        old.oldest12 = false;
        StreamClient client(m_server->port(), old);
        QVERIFY2(client.ask(makeQuery("example.com")), client.errorText().c_str());
        QCOMPARE(m_server->observations().connections.at(2).tlsVersion, std::string("TLSv1.1"));
    }

    void restartsOnTheSamePort() {
        auto client = connect();
        const std::uint16_t port = m_server->port();
        m_server->stop();
        QVERIFY(client->waitForEnd());
        QVERIFY(connect()->state() == State::Failed);
        QVERIFY(m_server->start());
        QCOMPARE(m_server->port(), port);
        QVERIFY(connect()->ask(makeQuery("example.com")));
    }

    void endsConnectionsOnDemand() {
        auto client = connect();
        QVERIFY(client->ask(makeQuery("example.com")));
        m_server->endConnections(Behaviour::Ending::Reset);
        QVERIFY(client->waitForEnd());
        QVERIFY(client->state() == State::Reset);
        QVERIFY(connect()->ask(makeQuery("example.com")));
    }

    void theResponderComesFirst() {
        m_server->setResponder([](const SeenQuery& query) -> std::optional<Bytes> {
            if (query.type() == rr::kTxt)
                return Bytes{};
            if (query.type() == rr::kAaaa)
                return Bytes{1, 2, 3};
            return std::nullopt;
        });
        auto client = connect();
        QVERIFY(client->send(makeQuery("example.com", rr::kTxt)));
        const auto own = client->ask(makeQuery("example.com", rr::kAaaa));
        QVERIFY(own);
        QCOMPARE(own->raw, (Bytes{1, 2, 3}));
        const auto usual = client->ask(makeQuery("example.com"));
        QVERIFY(usual && usual->message && usual->message->answers.size() == 1);
    }

    void brokenQueriesAreRecorded() {
        auto client = connect();
        QVERIFY(client->send(Bytes{1, 2, 3}));
        QVERIFY(client->send(Bytes(12, 0xff)));
        const auto reply = client->receive();
        QVERIFY(reply && reply->message);
        QCOMPARE(reply->message->rcode, rcode::kFormErr);
        const Observations seen = m_server->observations();
        QCOMPARE(seen.queries.size(), std::size_t{2});
        QVERIFY(!seen.queries[0].message && !seen.queries[0].parseError.empty());
    }

    void servesIpv6() {
        std::string error;
        DotServer::Options options;
        options.address = "::1";
        DotServer server(m_ca.issue(leaf()), *ZoneSet::fromText(kZone, error), options);
        if (!server.start(&error))
            QSKIP(("no IPv6 on this host: " + error).c_str());
        StreamClient client(server.port(), tls(), "::1");
        QVERIFY(client.ask(makeQuery("example.com")));
    }

    void kdigAgrees() {
        const QString kdig = QStandardPaths::findExecutable("kdig");
        if (kdig.isEmpty())
            QSKIP("kdig (knot-dnsutils) is not installed");
        const QString output = run(
            kdig, {"+tls-ca=" + caFile(), "+tls-host=" + QString(kServerName), "+padding", "+short",
                   "@127.0.0.1", "-p", QString::number(m_server->port()), "example.com", "A"});
        QCOMPARE(output.trimmed(), QString("192.0.2.1"));
        const Observations seen = m_server->observations();
        QVERIFY(seen.queries.at(0).message->edns->find(edns::kPadding));
    }

    void opensslResumesAndVerifiesThePin() {
        const QString openssl = QStandardPaths::findExecutable("openssl");
        if (openssl.isEmpty())
            QSKIP("the openssl program is not installed");
        const QString output =
            run(openssl, {"s_client", "-connect", "127.0.0.1:" + QString::number(m_server->port()),
                          "-CAfile", caFile(), "-verify_hostname", kServerName, "-alpn", "dot",
                          "-tls1_2", "-reconnect"});
        QVERIFY2(output.contains("Verify return code: 0 (ok)"), qPrintable(output));
        QVERIFY2(output.contains("ALPN protocol: dot"), qPrintable(output));
        QVERIFY(m_server->waitFor([](const Observations& seen) {
            return seen.connections.size() == 6 && seen.connections[5].resumed;
        }));

        const Identity identity = m_ca.issue(leaf());
        QFile certificate(m_folder.filePath("leaf.pem"));
        QVERIFY(certificate.open(QIODevice::WriteOnly));
        certificate.write(identity.chainPem.c_str());
        certificate.close();
        const QString digest =
            run("/bin/sh", {"-c",
                            "openssl x509 -in \"$1\" -pubkey -noout | openssl pkey -pubin -outform "
                            "der | openssl dgst -sha256 -binary | openssl base64",
                            "sh", certificate.fileName()});
        QCOMPARE(QString::fromStdString(identity.pin()), "sha256/" + digest.trimmed());
    }

private:
    StreamClient::Tls tls() const {
        StreamClient::Tls options;
        options.caPem = m_ca.certificatePem();
        options.serverName = kServerName;
        return options;
    }
    std::unique_ptr<StreamClient> connect() const {
        return std::make_unique<StreamClient>(m_server->port(), tls());
    }
    void setBehaviour(const std::function<void(Behaviour&)>& change) {
        ServerScript script;
        script.behaviour = with(change);
        m_server->setScript(script);
    }
    QString caFile() const {
        const QString file = m_folder.filePath("ca.pem");
        return m_ca.writeCertificate(file.toStdString()) ? file : QString();
    }
    static QString run(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program, arguments);
        process.closeWriteChannel();
        process.waitForFinished(20000);
        return QString::fromLocal8Bit(process.readAll());
    }

    ThrowawayCa m_ca;
    QTemporaryDir m_folder;
    std::unique_ptr<DotServer> m_server;
};

QTEST_GUILESS_MAIN(TestDotServer)
#include "test_dot_server.moc"
