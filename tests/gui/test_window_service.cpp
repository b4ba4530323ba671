// SPDX-License-Identifier: GPL-3.0-or-later
#include "service_process.h"
#include "support/dns_client.h"
#include "support/dot_server.h"
#include "support/window_harness.h"

#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QTableView>

#include <csignal>
#include <memory>

namespace sotto::test {

namespace {

constexpr auto kZone = R"(
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.53
www A 192.0.2.80
)";

} // namespace

/// The window with a real sottod that asks a real DNS-over-TLS server on the loopback.
class TestWindowService : public QObject {
    Q_OBJECT

private:
    ThrowawayCa m_ca;
    std::unique_ptr<DotServer> m_server;
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<WindowHarness> m_app;

    void startWith(const char* tlsName) {
        m_service = std::make_unique<ServiceProcess>();
        const QString caFile = m_service->path("ca.pem");
        QVERIFY(m_ca.writeCertificate(caFile.toStdString()));
        m_service->writeConfig(QStringLiteral("listen = [\"127.0.0.1:0\"]\n"
                                              "upstreams = [{ address = \"127.0.0.1\", port = %1, "
                                              "name = \"%2\", ca_file = \"%3\" }]\n")
                                   .arg(m_server->port())
                                   .arg(QLatin1String(tlsName), caFile)
                                   .toUtf8());
        QVERIFY2(m_service->start(), m_service->errors().constData());
        m_app->open(m_service->socketPath());
        QTRY_VERIFY(m_app->connection().isReady());
    }

    /// As a program on this computer would.
    void ask(const QString& name) {
        protocol::Client asker(m_service->socketPath(), QStringLiteral("test"));
        asker.start();
        QTRY_COMPARE(asker.state(), protocol::Client::State::Ready);
        bool done = false;
        protocol::QueryParams params;
        params.name = name;
        asker.call<protocol::Query>(params, &asker,
                                    [&](const protocol::Reply<protocol::QueryResult>& reply) {
                                        QVERIFY2(reply.ok(), "the query was refused");
                                        done = true;
                                    });
        QTRY_VERIFY_WITH_TIMEOUT(done, 10000);
    }

private slots:
    void init() {
        std::string error;
        auto zones = ZoneSet::fromText(kZone, error);
        QVERIFY2(zones, error.c_str());
        LeafOptions leaf;
        leaf.dnsNames = {"dot.example"};
        m_server = std::make_unique<DotServer>(m_ca.issue(leaf), *zones);
        QVERIFY2(m_server->start(&error), error.c_str());
        m_app = std::make_unique<WindowHarness>();
    }

    void cleanup() {
        m_app.reset();
        m_service.reset();
        m_server.reset();
    }

    void switchReachesTheEngine() {
        startWith("dot.example");
        ask("www.example");
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Encrypted"));
        QVERIFY(m_app->text("stateSentence").contains("dot.example over TLS 1."));
        QVERIFY(m_app->text("systemDnsNote").contains("127.0.0.1:"));
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Off"));

        m_app->click("navLog");
        auto* table = m_app->find<QTableView>("logTable");
        QTRY_VERIFY(table->model()->rowCount() > 0);
        const int before = table->model()->rowCount();
        ask("www.example");
        QTRY_VERIFY(table->model()->rowCount() > before);
        QCOMPARE(table->model()->index(table->model()->rowCount() - 1, 3).data().toString(),
                 QString("REFUSED"));

        m_app->click("navOverview");
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_app->text("stateHeadline") != "Off");
        QVERIFY(m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
    }

    void logShowsCacheAndProvider() {
        startWith("dot.example");
        m_app->click("navLog");
        ask("www.example");
        ask("www.example");
        auto* model = m_app->find<QTableView>("logTable")->model();
        QTRY_COMPARE(model->rowCount(), 2);
        QCOMPARE(model->index(0, 4).data().toString(),
                 QStringLiteral("dot.example:%1").arg(m_server->port()));
        QCOMPARE(model->index(1, 4).data().toString(), QString("Cache"));
        m_app->find<QTableView>("logTable")->selectRow(1);
        QVERIFY(m_app->text("logDetailWhy").startsWith("Answered from Sotto's memory"));
    }

    void cacheForgets() {
        startWith("dot.example");
        m_app->click("navStatistics");
        ask("www.example");
        QTRY_VERIFY(m_app->text("cacheFillText").startsWith("1 answer"));
        QTest::keyClicks(m_app->find("flushName"), "www.example");
        m_app->click("flushNameButton");
        QTRY_VERIFY(m_app->sees("doneStrip"));
        QVERIFY2(m_app->text("doneStripText").startsWith("Forgot 1 "),
                 qPrintable(m_app->text("doneStripText")));
        QTRY_VERIFY(m_app->text("cacheFillText").startsWith("0 answer"));
        ask("www.example");
        QCOMPARE(m_server->observations().queriesFor("www.example"), std::size_t{2});
    }

    void wrongCertificateIsNamed() {
        startWith("other.example");
        ask("www.example");
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Trouble"));
        QVERIFY2(m_app->text("stateDetail").contains("other.example"),
                 qPrintable(m_app->text("stateDetail")));
        QCOMPARE(m_server->observations().queriesFor("www.example"), std::size_t{0});
    }

    void testsTheServerInUse() {
        startWith("dot.example");
        m_app->click("navProviders");
        auto* list = m_app->find<QListView>("providerList");
        QTRY_COMPARE(list->model()->index(0, 0).data().toString(), QString("dot.example"));
        list->setCurrentIndex(list->model()->index(0, 0));
        m_app->click("testProviderButton");
        QTRY_VERIFY_WITH_TIMEOUT(m_app->sees("copyReportButton"), 30000);
        const auto measured = [&](const char* row) { return m_app->find(row)->accessibleName(); };
        QVERIFY2(measured("test-encryption").startsWith("TLS 1."),
                 qPrintable(measured("test-encryption")));
        QCOMPARE(measured("test-names"), QString("dot.example"));
        QVERIFY(measured("test-pin").startsWith("sha256/"));
        QVERIFY(!measured("test-tls").isEmpty());
    }

    void fileFixesTheProviders() {
        startWith("dot.example");
        m_app->click("navProviders");
        QTRY_VERIFY(m_app->sees("providersBanner"));
        QTRY_VERIFY2(m_app->text("providersBannerText").contains(m_service->configPath()),
                     qPrintable(m_app->text("providersBannerText")));
    }

    void survivesAKilledService() {
        startWith("dot.example");
        ask("www.example");
        m_app->click("navLog");
        auto* model = m_app->find<QTableView>("logTable")->model();
        QTRY_COMPARE(model->rowCount(), 1);
        m_service->signal(SIGKILL);
        QTRY_VERIFY(m_app->sees("disconnectedPanel"));
        QCOMPARE(model->rowCount(), 0);
        m_service->waitForEnd();
        QVERIFY2(m_service->start(), m_service->errors().constData());
        QTRY_VERIFY(!m_app->sees("disconnectedPanel"));
        ask("www.example");
        QTRY_COMPARE(model->rowCount(), 1);
    }

    void serviceGoesOnWithoutTheApp() {
        startWith("dot.example");
        m_app->close();
        ask("www.example");
        QCOMPARE(m_server->observations().queriesFor("www.example"), std::size_t{1});
    }

    void programTakesPictures() {
        startWith("dot.example");
        const QString folder = m_service->path("pictures");
        QProcess program;
        program.start(SOTTO_APP, {"--socket", m_service->socketPath(), "--screenshots", folder});
        QVERIFY(program.waitForFinished(40000));
        QCOMPARE(program.exitCode(), 0);
        const QByteArrayList lines = program.readAllStandardOutput().trimmed().split('\n');
        QCOMPARE(lines.size(), 16);
        const QImage light(folder + "/overview-light.png");
        const QImage dark(folder + "/overview-dark-small.png");
        QCOMPARE(light.size(), QSize(1200, 760));
        QCOMPARE(dark.size(), QSize(800, 560));
        QCOMPARE(light.pixelColor(4, 300), app::lightColors().sidebar);
        QCOMPARE(dark.pixelColor(4, 300), app::darkColors().sidebar);
    }

    void picturesFailWithoutService() {
        QProcess program;
        QTemporaryDir folder;
        program.start(SOTTO_APP, {"--socket", folder.filePath("none"), "--screenshots",
                                  folder.filePath("pictures")});
        QVERIFY(program.waitForFinished(30000));
        QCOMPARE(program.exitCode(), 1);
        QVERIFY(program.readAllStandardError().contains("does not answer"));
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowService)
#include "test_window_service.moc"
