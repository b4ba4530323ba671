// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include "ui/tray.h"

namespace sotto::test {

/// The first time that the switch changes the system's DNS: a look-up is tried before.
class TestWindowFirstSwitch : public WindowTest {
    Q_OBJECT

private:
    protocol::ProviderTestReport failure(const char* why) {
        protocol::ProviderTestReport report;
        report.finished = true;
        report.error = QLatin1String(why);
        return report;
    }

    void arrange() override {
        makeSystemWide(*m_service);
        m_service->status.enabled = false;
        m_service->status.protection = protocol::Protection::Off;
        m_service->status.systemDns.state = protocol::SystemDnsState::Off;
        m_service->testBegins.label = QStringLiteral("Quad9");
    }

private slots:
    void switchesAsSoonAsOneAnswers() {
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_service->tested, QStringList{"quad9"});
        QCOMPARE(m_app->text("stateHeadline"), QString("Trying"));
        QVERIFY(m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
        QCOMPARE(m_service->calls.count("forwarding.set"), 0);
        protocol::ProviderTestReport report;
        report.connectMillis = 10;
        m_service->reportTest(report);
        report.queryMillis = 12;
        m_service->reportTest(report);
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Encrypted"));
        QVERIFY(m_app->preferences().switchedBefore());
    }

    void theSecondTimeNothingIsTried() {
        m_app->preferences().setSwitchedBefore();
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_service->status.enabled);
        QVERIFY(m_service->tested.isEmpty());
    }

    void nothingIsTriedWhereTheSystemIsSetByHand() {
        m_service->switchesSystem = false;
        m_service->status.systemDns.state = protocol::SystemDnsState::ByHand;
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_service->status.enabled);
        QVERIFY(m_service->tested.isEmpty());
        QVERIFY(!m_app->preferences().switchedBefore());
    }

    void asksWhereNobodyAnswers() {
        protocol::Upstream second = m_service->status.upstreams[0];
        second.id = QStringLiteral("2");
        second.provider = QStringLiteral("cloudflare");
        protocol::Upstream third = second;
        third.id = QStringLiteral("3");
        third.provider.clear();
        third.spec = QStringLiteral("tls://192.0.2.9");
        protocol::Upstream route = third;
        route.route = QStringLiteral("corp.example");
        m_service->status.upstreams += {second, third, route};
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_service->tested, (QStringList{"quad9", "cloudflare"}));
        m_service->reportTest(failure("no answer on port 853"));
        QTRY_COMPARE(m_service->tested.size(), 3);
        QCOMPARE(m_service->tested.last(), QString("tls://192.0.2.9"));
        QVERIFY(!m_app->sees("neverthelessButton"));
        m_service->reportTest(failure("refused"));
        QVERIFY(!m_app->sees("neverthelessButton"));
    }

    void whoIsAskedMaySwitchNevertheless() {
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_service->tested.size(), 1);
        m_service->reportTest(failure("no answer on port 853"));
        QTRY_VERIFY(m_app->sees("neverthelessButton"));
        QCOMPARE(m_app->text("stateHeadline"), QString("Nobody answers"));
        QCOMPARE(m_app->text("stateDetail"), QString("Quad9: no answer on port 853."));
        QVERIFY(!m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
        QCOMPARE(m_service->calls.count("forwarding.set"), 0);
        QTest::keyClick(m_app->find("neverthelessButton"), Qt::Key_Space);
        QTRY_VERIFY(m_service->status.enabled);
        QTRY_VERIFY(!m_app->sees("neverthelessButton"));
        m_app->click("forwardingSwitch"); // off; and on again, without a question
        QTRY_VERIFY(!m_service->status.enabled);
        QTRY_VERIFY(m_app->find("forwardingSwitch")->isEnabled());
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_service->status.enabled);
        QCOMPARE(m_service->tested.size(), 1);
    }

    void whoIsAskedMayLeaveItOff() {
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_service->tested.size(), 1);
        m_service->reportTest(failure("refused"));
        QTRY_VERIFY(m_app->sees("leaveOffButton"));
        m_app->click("leaveOffButton");
        QVERIFY(!m_app->sees("leaveOffButton"));
        QCOMPARE(m_app->text("stateHeadline"), QString("Off"));
        QCOMPARE(m_service->calls.count("forwarding.set"), 0);
        QVERIFY(!m_app->preferences().switchedBefore());
    }

    void theTrialCanBeLeft() {
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_service->tested.size(), 1);
        m_app->click("forwardingSwitch");
        QCOMPARE(m_app->text("stateHeadline"), QString("Off"));
        protocol::ProviderTestReport late;
        late.queryMillis = 12;
        late.finished = true;
        m_service->reportTest(late);
        m_service->status.notices = {QStringLiteral("a mark")};
        m_service->announce();
        QTRY_VERIFY(m_app->sees("noticeStrip0")); // all that came before was taken in
        QCOMPARE(m_service->calls.count("forwarding.set"), 0);
    }

    void withoutProvidersItAsksAtOnce() {
        m_service->status.upstreams.clear();
        openConnected();
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_app->sees("neverthelessButton"));
        QCOMPARE(m_app->text("stateDetail"), QString("No provider is chosen."));
    }

    void theTrayBringsTheQuestionUp() {
        openConnected();
        app::Tray tray(m_app->connection(), m_app->forwarding());
        m_app->click("navLog");
        m_app->window().hide();
        tray.menu()->findChild<QAction*>("trayEnabled")->trigger();
        QTRY_COMPARE(m_service->tested.size(), 1);
        QVERIFY(!m_app->window().isVisible());
        m_service->reportTest(failure("refused"));
        QTRY_VERIFY(m_app->sees("neverthelessButton"));
        QVERIFY(m_app->window().isVisible());
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowFirstSwitch)
#include "test_window_first_switch.moc"
