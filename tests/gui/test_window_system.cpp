// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include "ui/tray.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>

namespace sotto::test {

using protocol::SystemDnsState;

/// The window while the service switches the system's DNS, or cannot.
class TestWindowSystem : public WindowTest {
    Q_OBJECT

private:
    protocol::SystemDns& system() { return m_service->status.systemDns; }

    void becomeOff() {
        m_service->status.enabled = false;
        m_service->status.protection = protocol::Protection::Off;
        system().state = SystemDnsState::Off;
    }

    void arrange() override {
        makeSystemWide(*m_service);
        m_app->preferences().setSwitchedBefore();
    }

private slots:
    void everyStateHasItsWords_data() {
        QTest::addColumn<SystemDnsState>("state");
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<QString>("headline");
        QTest::addColumn<QString>("sentence"); // a part of it
        QTest::addColumn<QString>("button");   // empty: none
        const auto row = [](const char* name, SystemDnsState state, bool enabled,
                            const char* headline, const char* sentence, const char* button = "") {
            QTest::newRow(name) << state << enabled << headline << sentence << button;
        };
        row("off", SystemDnsState::Off, false, "Off", "that it had before Sotto");
        row("taking", SystemDnsState::Taking, true, "Switching on", "being switched");
        row("on", SystemDnsState::On, true, "Encrypted", "This computer asks Sotto. Answers");
        row("unanswered", SystemDnsState::Unanswered, true, "No answers", "within seconds");
        row("yielded", SystemDnsState::Yielded, true, "Taken over", "openvpn took over",
            "Take over again");
        row("giving back", SystemDnsState::GivingBack, false, "Switching off", "coming back");
        row("failed", SystemDnsState::Failed, true, "Not switched", "could not be switched",
            "Try again");
        row("stuck", SystemDnsState::Failed, false, "Not given back", "did not come back",
            "Try again");
        row("unavailable", SystemDnsState::Unavailable, true, "Not switched", "cannot switch",
            "Try again");
        row("by hand", SystemDnsState::ByHand, true, "Encrypted", "Answers come from Quad9");
    }

    void everyStateHasItsWords() {
        QFETCH(SystemDnsState, state);
        QFETCH(bool, enabled);
        QFETCH(QString, headline);
        QFETCH(QString, sentence);
        QFETCH(QString, button);
        if (!enabled)
            becomeOff();
        system().state = state;
        system().winner = QStringLiteral("openvpn");
        system().winnerKind = QStringLiteral("vpn");
        system().reason = QStringLiteral("the bus <b>does not</b> answer");
        openConnected();
        QCOMPARE(m_app->text("stateHeadline"), headline);
        QVERIFY2(m_app->text("stateSentence").contains(sentence),
                 qPrintable(m_app->text("stateSentence")));
        QCOMPARE(m_app->sees("remedyButton"), !button.isEmpty());
        if (!button.isEmpty())
            QCOMPARE(m_app->find<QAbstractButton>("remedyButton")->text(), button);
        const bool tellsReason =
            state == SystemDnsState::Failed || state == SystemDnsState::Unavailable;
        QCOMPARE(m_app->sees("stateDetail") &&
                     m_app->text("stateDetail") == "The bus <b>does not</b> answer.",
                 tellsReason);
        QCOMPARE(m_app->sees("systemDnsNote"), state == SystemDnsState::ByHand);
        QCOMPARE(m_app->sees("coverageCard"), state != SystemDnsState::ByHand);
        QCOMPARE(m_app->find<QAbstractButton>("forwardingSwitch")->isChecked(), enabled);
    }

    void takesOverAgainWithoutAsking() {
        system().state = SystemDnsState::Yielded;
        system().winner = QStringLiteral("openvpn");
        system().winnerKind = QStringLiteral("vpn");
        openConnected();
        QVERIFY(m_app->text("stateDetail").contains("VPN"));
        auto* button = m_app->find<QAbstractButton>("remedyButton");
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Encrypted"));
        QCOMPARE(m_service->calls.count("system.take"), 1);
        QVERIFY(!m_app->sees("remedyButton"));
    }

    void whatDidNotComeBackIsGivenBackAgain() {
        becomeOff();
        system().state = SystemDnsState::Failed;
        openConnected();
        m_app->click("remedyButton");
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Off"));
        QCOMPARE(m_service->calls.count("forwarding.set"), 1);
        QCOMPARE(m_service->calls.count("system.take"), 0);
    }

    void sayWhyItCannotBeTaken() {
        system().state = SystemDnsState::Failed;
        openConnected();
        m_service->refuseNextChange =
            StandInService::Refusal{protocol::Rejected, "Sotto is off or paused"};
        m_app->click("remedyButton");
        QTRY_VERIFY(m_app->sees("problemStrip"));
        QVERIFY(m_app->text("problemStripText").contains("Sotto is off or paused."));
        QVERIFY(m_app->sees("remedyButton"));
    }

    void showsWhatIsCovered() {
        openConnected();
        QCOMPARE(m_app->text("coverageMechanism"), QString("systemd-resolved"));
        QCOMPARE(m_app->text("coverageAddresses"), QString("127.0.0.1 and ::1"));
        QCOMPARE(m_app->text("coverageInterfaces"), QString("eth0 and wlan0"));
        QCOMPARE(m_app->text("coverageFamilies"), QString("IPv4 and IPv6"));
        QVERIFY(!m_app->sees("coverageGaps"));
        system().port = 5300;
        system().interfaces = {QStringLiteral("eth1")};
        system().ipv6 = false;
        m_service->announce();
        QTRY_COMPARE(m_app->text("coverageInterfaces"), QString("eth1"));
        QCOMPARE(m_app->text("coverageAddresses"), QString("127.0.0.1 and ::1, port 5300"));
        QVERIFY(m_app->text("coverageFamilies").startsWith("IPv4;"));
    }

    void showsWhatIsNot() {
        system().exceptions = {
            {QStringLiteral("link_domains"), QStringLiteral("tun0"),
             QStringLiteral("names in corp.example are asked at 10.8.0.1"),
             QStringList{QStringLiteral("10.8.0.1")}, QStringList{QStringLiteral("corp.example")}},
            {QStringLiteral("containers"), QStringLiteral("docker0"),
             QStringLiteral("containers cannot reach 127.0.0.1. Set listen = [\"127.0.0.1:53\", "
                            "\"172.17.0.1:53\"]")}};
        openConnected();
        QVERIFY(m_app->text("stateSentence").contains("with the exceptions below"));
        QVERIFY(m_app->text("gap0Title").startsWith("tun0: "));
        QCOMPARE(m_app->text("gap0Text"),
                 QString("Names below corp.example are asked at 10.8.0.1."));
        QVERIFY(!m_app->window().findChild<QLineEdit*>("gap0Setting"));
        QCOMPARE(m_app->text("gap1Title"), QString("docker0: containers"));
        const QString line = QStringLiteral("listen = [\"127.0.0.1:53\", \"172.17.0.1:53\"]");
        QCOMPARE(m_app->find<QLineEdit>("gap1Setting")->text(), line);
        m_app->find("gap1Copy")->setFocus();
        QTest::keyClick(m_app->find("gap1Copy"), Qt::Key_Space);
        QCOMPARE(QGuiApplication::clipboard()->text(), line);
        system().exceptions.clear();
        m_service->announce();
        QTRY_VERIFY(!m_app->sees("gap0"));
    }

    void theTrayTakesOverAgain() {
        openConnected();
        app::Tray tray(m_app->connection(), m_app->forwarding());
        auto* remedy = tray.menu()->findChild<QAction*>("trayRemedy");
        QVERIFY(!remedy->isVisible());
        system().state = SystemDnsState::Yielded;
        system().winner = QStringLiteral("me & you");
        m_service->announce();
        QTRY_VERIFY(remedy->isVisible());
        QVERIFY(tray.menu()->findChild<QAction*>("trayStatus")->text().contains("me && you"));
        QVERIFY(tray.toolTip().contains("Taken over"));
        remedy->trigger();
        QTRY_VERIFY(!remedy->isVisible());
        QTRY_COMPARE(m_service->calls.count("system.take"), 1);
    }

    void whoMayNotSeesNoButton() {
        system().state = SystemDnsState::Failed;
        m_service->hello.mayToggle = protocol::Permission::No;
        openConnected();
        QVERIFY(!m_app->sees("remedyButton"));
        QVERIFY(!m_app->sees("pauseMenuButton"));
    }

    void settingsOfTheSystem() {
        openConnected();
        m_app->click("navProviders");
        QTRY_VERIFY(m_app->connection().settings().has_value());
        QVERIFY(!m_app->sees("systemManageBox"));
        m_app->click("connectionToggle");
        m_app->click("systemToggle");
        QVERIFY(m_app->sees("systemManageBox"));
        QVERIFY(!m_app->sees("earlyDataBox")); // one at a time
        auto* manage = m_app->find<QAbstractButton>("systemManageBox");
        auto* open = m_app->find<QAbstractButton>("whenLostOpen");
        auto* closed = m_app->find<QAbstractButton>("whenLostClosed");
        QVERIFY(!manage->isChecked() && open->isChecked() && !closed->isChecked());
        const auto value = [this](const char* key) {
            for (const protocol::Setting& setting : m_service->settings.settings) {
                if (setting.key == QLatin1String(key))
                    return setting.value;
            }
            return QJsonValue();
        };
        manage->setFocus();
        QTest::keyClick(manage, Qt::Key_Space);
        QTRY_COMPARE(value("system.manage"), QJsonValue(true));
        closed->setFocus();
        QTest::keyClick(closed, Qt::Key_Space);
        QTRY_COMPARE(value("system.when_lost"), QJsonValue("closed"));
        QTRY_VERIFY(closed->isChecked());
        m_service->refuseNextChange = StandInService::Refusal{protocol::Rejected, "no"};
        open->setFocus();
        QTest::keyClick(open, Qt::Key_Space);
        QTRY_VERIFY(m_app->sees("problemStrip"));
        QTRY_VERIFY(closed->isChecked() && !open->isChecked());
    }

    void theAdministratorMayFixThem() {
        for (protocol::Setting& setting : m_service->settings.settings) {
            if (setting.key != QLatin1String("system.when_lost"))
                continue;
            setting.value = QStringLiteral("closed");
            setting.changeable = false;
            setting.origin = QStringLiteral("/etc/sotto/sotto.toml");
        }
        openConnected();
        m_app->click("navProviders");
        m_app->click("systemToggle");
        QTRY_COMPARE(m_app->text("whenLostFixed"),
                     QString("Set in /etc/sotto/sotto.toml by the administrator."));
        QVERIFY(m_app->find<QAbstractButton>("whenLostClosed")->isChecked());
        QVERIFY(!m_app->find("whenLostOpen")->isEnabled());
        QVERIFY(m_app->find("systemManageBox")->isEnabled());
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowSystem)
#include "test_window_system.moc"
