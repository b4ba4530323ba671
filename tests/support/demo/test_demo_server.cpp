// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dns_client.h"
#include "support/rdata_text.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace sotto::test;

namespace {

constexpr int kStartTimeout = 10000;

QString contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestDemoServer : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_ca = m_folder->filePath("made/deep/ca.pem");
        m_ready = m_folder->filePath("ready");
        m_settings = m_folder->filePath("demo.toml");
    }

    void servesAndCleansUp() {
        QProcess server;
        start(server, {"--ca-file", m_ca, "--ready-file", m_ready, "--settings", m_settings,
                       "--listen", "127.0.0.1:5300", "--listen", "[::1]:5300"});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_ready), kStartTimeout);
        const QStringList ready = contentOf(m_ready).trimmed().split(' ');
        QCOMPARE(ready.size(), 3);
        QCOMPARE(ready[1], QString("demo.sotto.test"));
        QCOMPARE(ready[2], m_ca);
        const QString list = m_folder->filePath("demo.providers.json");
        QVERIFY(contentOf(m_settings).contains("\nfiltered = \"ads.example.com\"\n"));
        QCOMPARE(contentOf(m_settings).section('\n', 1).section("\n\n", 0, 0) + '\n',
                 QString("listen = [\"127.0.0.1:5300\", \"[::1]:5300\"]\nprovider_list = \"%1\"\n")
                     .arg(list));
        const auto forOwner =
            QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
        for (const QString& file : {m_ca, m_ready, m_settings, list})
            QCOMPARE(QFileInfo(file).permissions(), forOwner);
        QCOMPARE(QFileInfo(m_folder->filePath("made")).permissions(),
                 forOwner | QFile::ExeOwner | QFile::ExeUser);
        QTRY_VERIFY(server.bytesAvailable() > 0);
        const QString said = server.readAllStandardOutput();
        QVERIFY2(said.contains("Every answer is made up"), qPrintable(said));

        StreamClient::Tls tls;
        tls.caPem = contentOf(m_ca).toStdString();
        tls.serverName = "demo.sotto.test";
        StreamClient client(ready[0].toUShort(), tls);
        checkAnswers(client);
        checkProviders(list, ready[0].toInt());

        server.terminate();
        QVERIFY(server.waitForFinished());
        QVERIFY(server.exitStatus() == QProcess::NormalExit);
        QCOMPARE(server.exitCode(), 0);
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }

    void ownZoneAndName() {
        const QString zone = m_folder->filePath("own.zone");
        QFile file(zone);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("$TTL 5\nown.test. SOA a. b. 1 1 1 1 1\nown.test. A 192.0.2.99\n");
        file.close();
        QProcess server;
        start(server, {"--ca-file", m_ca, "--ready-file", m_ready, "--zone", zone, "--server-name",
                       "other.test"});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_ready), kStartTimeout);
        StreamClient::Tls tls;
        tls.caPem = contentOf(m_ca).toStdString();
        tls.serverName = "other.test";
        StreamClient client(contentOf(m_ready).section(' ', 0, 0).toUShort(), tls);
        const auto reply = client.ask(makeQuery("own.test"));
        QVERIFY(reply && reply->message);
        QCOMPARE(*reply->message->answer(rr::kA), rdata(rr::kA, "192.0.2.99"));
        server.terminate();
        QVERIFY(server.waitForFinished());
        QVERIFY(QFile::exists(zone));
    }

    void wrongCallsAreRefused_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("reason");
        QTest::newRow("nothing") << QStringList() << 2 << "--ca-file is missing";
        QTest::newRow("unknown") << QStringList{"--ca-file", "x", "--what", "1"} << 2 << "--what";
        QTest::newRow("port") << QStringList{"--port", "65536"} << 2 << "--port 65536";
        QTest::newRow("no value") << QStringList{"--ca-file"} << 2 << "--ca-file";
        QTest::newRow("listen alone")
            << QStringList{"--ca-file", "x", "--listen", "127.0.0.1:5300"} << 2 << "go together";
        QTest::newRow("no such zone")
            << QStringList{"--ca-file", "x", "--zone", "/nonexistent/zone"} << 1
            << "cannot be read";
        QTest::newRow("no such folder")
            << QStringList{"--ca-file", "/proc/none/ca.pem"} << 1 << "cannot be written";
    }
    void wrongCallsAreRefused() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, reason);
        QProcess server;
        start(server, arguments);
        QVERIFY(server.waitForFinished());
        QCOMPARE(server.exitCode(), status);
        const QString said = server.readAllStandardError();
        QVERIFY2(said.contains(reason), qPrintable(said));
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }

    void helpNamesEveryOption() {
        QProcess server;
        start(server, {"--help"});
        QVERIFY(server.waitForFinished());
        QCOMPARE(server.exitCode(), 0);
        const QString said = server.readAllStandardOutput();
        for (const char* option : {"--ca-file", "--port", "--server-name", "--zone", "--delay",
                                   "--settings", "--listen", "--ready-file", "--help"})
            QVERIFY2(said.contains(option), option);
    }

private:
    void start(QProcess& server, const QStringList& arguments) {
        server.setWorkingDirectory(m_folder->path());
        server.start(SOTTO_DEMO_SERVER, arguments);
        QVERIFY(server.waitForStarted());
    }

    /// Each provider of the list serves as the list says, with the made-up answers it promises.
    static void checkProviders(const QString& list, int firstPort) {
        const QJsonArray providers =
            QJsonDocument::fromJson(contentOf(list).toUtf8()).object().value("providers").toArray();
        QStringList ids;
        QSet<int> ports;
        for (const QJsonValue& provider : providers) {
            ids += provider["id"].toString();
            ports.insert(provider["port"].toInt());
            QVERIFY(provider["description"].toString().contains("demonstration"));
            StreamClient::Tls tls;
            tls.caPem = provider["ca"].toString().toStdString();
            tls.serverName = provider["tls_name"].toString().toStdString();
            StreamClient client(static_cast<std::uint16_t>(provider["port"].toInt()), tls);
            QElapsedTimer timer;
            timer.start();
            const auto reply = client.ask(makeQuery("ads.example.com", rr::kA));
            if (ids.last() == "demo-broken") {
                QVERIFY(!reply);
                continue;
            }
            QVERIFY2(reply && reply->message, qPrintable(ids.last()));
            QCOMPARE(reply->message->rcode,
                     ids.last() == "demo-filtered" ? rcode::kNxDomain : std::uint16_t{0});
            QVERIFY(ids.last() != "demo-slow" || timer.elapsed() >= 60);
        }
        QCOMPARE(ids, QStringList({"demo", "demo-slow", "demo-filtered", "demo-broken"}));
        QCOMPARE(ports.size(), ids.size());
        QCOMPARE(providers.first()["port"].toInt(), firstPort);
    }

    /// The built-in zone holds what its readers are told they can try.
    static void checkAnswers(StreamClient& client) {
        const auto ask = [&](const char* name, std::uint16_t type) {
            const auto reply = client.ask(makeQuery(name, type));
            return reply && reply->message ? *reply->message : Message{};
        };
        for (const std::uint16_t type :
             {rr::kA, rr::kAaaa, rr::kMx, rr::kTxt, rr::kCaa, rr::kSoa, rr::kNs})
            QVERIFY2(ask("example.com", type).answer(type), qPrintable(QString::number(type)));
        const Message https = ask("example.com", rr::kHttps);
        const Bytes* service = https.answer(rr::kHttps);
        QVERIFY(service);
        const QByteArray octets(reinterpret_cast<const char*>(service->data()),
                                static_cast<qsizetype>(service->size()));
        QVERIFY(octets.contains("\xfe\x0d")); // the version of an ECHConfig
        QCOMPARE(ask("www.example.com", rr::kA).answers.size(), std::size_t{6});
        QVERIFY(ask("long.example.com", rr::kTxt).toWire().size() > 1232);
        QVERIFY(ask("many.example.com", rr::kA).toWire().size() > 1232);
        QCOMPARE(ask("missing.example.com", rr::kA).rcode, rcode::kNxDomain);
        QCOMPARE(ask("real-name.invalid", rr::kA).rcode, rcode::kNxDomain);
        const Message noData = ask("nodata.example.com", rr::kA);
        QVERIFY(noData.response && noData.rcode == 0 && noData.answers.empty());
        QCOMPARE(noData.authorities.size(), std::size_t{1});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_ca;
    QString m_ready;
    QString m_settings;
};

QTEST_GUILESS_MAIN(TestDemoServer)
#include "test_demo_server.moc"
