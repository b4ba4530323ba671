// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QListView>

namespace sotto::test {

/// Testing a provider and reading what was measured.
class TestWindowReport : public WindowTest {
    Q_OBJECT

private:
    QListView* m_list = nullptr;

    void openPage() {
        QVERIFY(m_service->start());
        m_app->open();
        m_app->click("navProviders");
        m_list = m_app->find<QListView>("providerList");
        QTRY_VERIFY(m_list->model()->rowCount() >= 4);
    }

    /// For screen readers, without the places where a long word may break.
    QString measured(const char* row) {
        return m_app->find((std::string("test-") + row).c_str())->accessibleName();
    }

    void beginTest() {
        const qsizetype before = m_service->tested.size();
        m_app->click("testProviderButton");
        QTRY_COMPARE(m_service->tested.size(), before + 1);
    }

    void arrange() override {
        makeOrdinary(*m_service);
        m_service->testBegins.label = QStringLiteral("Quad9");
        m_service->testBegins.spec = QStringLiteral("tls://9.9.9.9%dns.quad9.net");
        m_service->testBegins.provider = QStringLiteral("quad9");
        m_service->testBegins.filtered = QStringLiteral("blocked.example");
        m_service->testBegins.claims.dnssec = true;
        m_service->testBegins.claims.filter = QStringLiteral("malware");
    }

private slots:
    void showsProgressThenTheReport() {
        openPage();
        QVERIFY(!m_app->sees("testReport"));
        beginTest();
        QCOMPARE(m_service->tested, QStringList{"quad9"});
        QVERIFY(m_app->sees("testProgress"));
        QCOMPARE(m_app->text("testOutcome"), QString("Connecting …"));
        protocol::ProviderTestReport report;
        report.connectMillis = 12.4;
        m_service->reportTest(report);
        QTRY_COMPARE(m_app->text("testOutcome"), QString("Checking who it is …"));
        QCOMPARE(measured("connect"), QString("12 ms"));
        QVERIFY(!m_app->sees("test-tls"));
        QVERIFY(!m_app->sees("copyReportButton"));

        m_service->reportTest(goodReport());
        QTRY_COMPARE(m_app->text("testOutcome"), QString("It does what it claims."));
        QVERIFY(!m_app->sees("testProgress"));
        QCOMPARE(measured("tls"), QString("26 ms"));
        QCOMPARE(measured("query"), QString("14 ms"));
        QCOMPARE(measured("encryption"), QString("TLS 1.3, TLS_AES_256_GCM_SHA384"));
        QVERIFY(measured("names").contains("dns.quad9.net"));
        QVERIFY(measured("until").contains("in 60 day"));
        QCOMPARE(measured("keepalive"), QString("Yes, 10.0 s"));
        QVERIFY(measured("padding").startsWith("Yes, to 468 octet"));
        QCOMPARE(measured("early_data"), QString("No"));
    }

    void saysThatEarlyDataIsOff() {
        openPage();
        beginTest();
        protocol::ProviderTestReport report = goodReport();
        report.earlyData.reset();
        report.earlyDataOff = true;
        m_service->reportTest(report);
        QTRY_COMPARE(m_app->text("testOutcome"), QString("It does what it claims."));
        QCOMPARE(measured("early_data"), QString("Not tried: early data is off"));
    }

    void marksWhatDiffersFromTheClaim() {
        openPage();
        beginTest();
        protocol::ProviderTestReport report = goodReport();
        report.validates = false;
        report.refusesBad = false;
        m_service->reportTest(report);
        QTRY_VERIFY(m_app->text("testOutcome").contains("differ from what it claims"));
        QCOMPARE(measured("dnssec"), QString("Claimed: Checks signatures\n"
                                             "Measured: Signatures are not checked\n"
                                             "Differs from the claim"));
        QCOMPARE(measured("filter"), QString("Claimed: Blocks malware\n"
                                             "Measured: Blocks blocked.example"));
    }

    void saysWhatToDoWhenItFails_data() {
        QTest::addColumn<bool>("connected");
        QTest::addColumn<bool>("shookHands");
        QTest::addColumn<QString>("advice");
        QTest::newRow("unreachable") << false << false << "another network";
        QTest::newRow("untrusted") << true << false << "did not prove who it is";
        QTest::newRow("silent") << true << true << "Test it again later";
    }

    void saysWhatToDoWhenItFails() {
        QFETCH(bool, connected);
        QFETCH(bool, shookHands);
        QFETCH(QString, advice);
        openPage();
        beginTest();
        protocol::ProviderTestReport report;
        report.finished = true;
        report.error = QStringLiteral("what went wrong");
        if (connected)
            report.connectMillis = 10;
        if (shookHands)
            report.tlsMillis = 20;
        m_service->reportTest(report);
        QTRY_VERIFY2(m_app->text("testOutcome").contains(advice),
                     qPrintable(m_app->text("testOutcome")));
        QVERIFY(m_app->text("testOutcome").startsWith("What went wrong. "));
        QVERIFY(m_app->sees("copyReportButton"));
    }

    /// In the words of the app, by the kind of the failure.
    void saysWhatFailedByItsKind_data() {
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<QString>("begins");
        QTest::addColumn<QString>("advice");
        QTest::newRow("name") << "certificate_name"
                              << "Its certificate is for another name. "
                              << "Do not use this provider";
        QTest::newRow("clock") << "certificate_expired"
                               << "Its certificate has expired"
                               << "this computer's date";
        QTest::newRow("pin") << "pin_mismatch"
                             << "Its key is none of the pinned ones. "
                             << "before you change the pin";
        QTest::newRow("TLS") << "tls_failed"
                             << "The TLS handshake failed. "
                             << "does not speak DNS over TLS";
        QTest::newRow("unknown name") << "name_not_found"
                                      << "Its own name could not be looked up. "
                                      << "Give its address";
        QTest::newRow("newer") << "of_tomorrow"
                               << "What went wrong. "
                               << "did not prove who it is";
    }

    void saysWhatFailedByItsKind() {
        QFETCH(QString, outcome);
        QFETCH(QString, begins);
        QFETCH(QString, advice);
        openPage();
        beginTest();
        protocol::ProviderTestReport report;
        report.finished = true;
        report.error = QStringLiteral("what went wrong");
        report.outcome = outcome;
        report.connectMillis = 10;
        m_service->reportTest(report);
        QTRY_VERIFY2(m_app->text("testOutcome").contains(advice),
                     qPrintable(m_app->text("testOutcome")));
        QVERIFY2(m_app->text("testOutcome").startsWith(begins),
                 qPrintable(m_app->text("testOutcome")));
    }

    void saysWhyItDidNotBegin() {
        openPage();
        m_service->refuseNextChange =
            StandInService::Refusal{protocol::Rejected, "too many tests run"};
        m_app->click("testProviderButton");
        QTRY_COMPARE(m_app->text("testOutcome"),
                     QString("The test did not begin. too many tests run. Try again in a moment."));
        beginTest();
        QVERIFY(m_app->sees("testProgress"));
    }

    void copiesReportAndPin() {
        openPage();
        beginTest();
        m_service->reportTest(goodReport());
        QTRY_VERIFY(m_app->sees("copyPinButton"));
        m_app->find("copyPinButton")->setFocus();
        QTest::keyClick(m_app->find("copyPinButton"), Qt::Key_Space);
        QCOMPARE(QGuiApplication::clipboard()->text(), *goodReport().pin);
        m_app->find("copyReportButton")->setFocus();
        QTest::keyClick(m_app->find("copyReportButton"), Qt::Key_Space);
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY(text.contains("Quad9 (tls://9.9.9.9%dns.quad9.net)"));
        QVERIFY(text.contains(*goodReport().pin));
        QVERIFY2(text.contains("DNSSEC: claimed: Checks signatures; measured: Good signature "
                               "confirmed, wrong one refused"),
                 qPrintable(text));
        QVERIFY(text.contains("IPv6: Not tried"));
    }

    void keepsTheReportsApart() {
        openPage();
        beginTest();
        m_list->setCurrentIndex(m_list->model()->index(1, 0));
        QVERIFY(!m_app->sees("testReport"));
        m_service->reportTest(goodReport()); // of the one that is not looked at
        m_list->setCurrentIndex(m_list->model()->index(0, 0));
        QTRY_COMPARE(m_app->text("testOutcome"), QString("It does what it claims."));
    }

    void oneTestAtATimeForEach() {
        openPage();
        beginTest();
        m_app->click("testProviderButton");
        m_list->setCurrentIndex(m_list->model()->index(1, 0));
        beginTest();
        QCOMPARE(m_service->tested, QStringList({"quad9", "cloudflare"}));
    }

    void testsAServerOfOnesOwn() {
        m_service->status.providers.clear();
        m_service->status.upstreams[0].provider.clear();
        m_service->status.upstreams[0].spec = QStringLiteral("tls://192.0.2.1%dns.home.example");
        openPage();
        QTRY_COMPARE(m_list->model()->rowCount(), 5);
        m_list->setCurrentIndex(m_list->model()->index(0, 0));
        beginTest();
        QCOMPARE(m_service->tested, QStringList{"tls://192.0.2.1%dns.home.example"});
    }

    void worksFromTheKeyboardAndForReaders() {
        openPage();
        m_list->setFocus();
        QTest::keyClick(m_list, Qt::Key_T, Qt::ControlModifier);
        QTRY_COMPARE(m_service->tested.size(), 1);
        m_service->reportTest(goodReport());
        QTRY_VERIFY(!m_app->sees("testProgress"));
        QWidget* button = m_app->find("testProviderButton");
        QAccessibleInterface* access = QAccessible::queryAccessibleInterface(button);
        QCOMPARE(access->text(QAccessible::Name), QString("Test Quad9"));
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QTRY_COMPARE(m_service->tested.size(), 2);
        QCOMPARE(QApplication::focusWidget(), button);
    }

    void needsPermission() {
        m_service->hello.mayToggle = protocol::Permission::No;
        openPage();
        QVERIFY(!m_app->find("testProviderButton")->isEnabled());
        QVERIFY(m_app->find("testProviderButton")->toolTip().contains("may not test"));
        m_list->setFocus();
        QTest::keyClick(m_list, Qt::Key_T, Qt::ControlModifier);
        QVERIFY(!m_app->sees("testReport"));
    }

    void forgetsWithTheService() {
        openPage();
        beginTest();
        m_service->stop();
        QTRY_VERIFY(m_app->sees("disconnectedPanel"));
        QVERIFY(m_service->start());
        QTRY_VERIFY(m_app->sees("providersPage"));
        QTRY_COMPARE(m_list->model()->rowCount(), 4);
        QVERIFY(!m_app->sees("testReport"));
        beginTest();
        QVERIFY(m_app->sees("testProgress"));
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowReport)
#include "test_window_report.moc"
