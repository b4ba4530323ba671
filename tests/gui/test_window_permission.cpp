// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include <QTableView>

namespace sotto::test {

using protocol::Permission;

/// The window where the system asks for a password before something is done or shown.
class TestWindowPermission : public WindowTest {
    Q_OBJECT

private:
private:
    void arrange() override { makeSystemWide(*m_service); }

private slots:
    void whatAsksStaysUsableAndSaysSo() {
        m_service->hello.mayToggle = Permission::Ask;
        openConnected();
        QVERIFY(m_app->find("forwardingSwitch")->isEnabled());
        QVERIFY(m_app->sees("passwordHint"));
        QVERIFY(m_app->text("passwordHint").contains("password"));
        QVERIFY(m_app->find("pauseMenuButton")->isEnabled());
        QVERIFY(!m_app->sees("switchReason"));
    }

    void withoutQuestionNoHint() {
        openConnected();
        QVERIFY(!m_app->sees("passwordHint"));
    }

    void showsThatItWaitsAndEnds() {
        m_service->hello.mayToggle = Permission::Ask;
        openConnected();
        m_service->holdChanges = true;
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_app->sees("waitingStrip"));
        QVERIFY(m_app->text("waitingStripText").contains("password"));
        QVERIFY(!m_app->find("forwardingSwitch")->isEnabled());
        m_service->release();
        QTRY_VERIFY(!m_app->sees("waitingStrip"));
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Off"));
    }

    void waitingCanBeLeft() {
        m_service->hello.mayToggle = Permission::Ask;
        openConnected();
        m_service->holdChanges = true;
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_app->sees("waitingStrip"));
        QVERIFY(m_service->held() > 0);
        m_service->holdChanges = false;
        QTest::mouseClick(m_app->find("waitingStripClose"), Qt::LeftButton);
        QVERIFY(!m_app->sees("waitingStrip"));
        QVERIFY(m_app->find("forwardingSwitch")->isEnabled());
        QVERIFY(m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
        QVERIFY(!m_app->sees("disconnectedPanel"));
        QTRY_COMPARE(m_service->held(), 0); // the service saw that nobody waits any more
        QVERIFY(!m_app->sees("problemStrip"));
        QTRY_COMPARE(m_service->calls.count("hello"), 2);
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Off"));
    }

    void aPasswordThatIsNotGivenIsTold() {
        m_service->hello.mayToggle = Permission::Ask;
        openConnected();
        m_service->refuseNextChange =
            StandInService::Refusal{protocol::NotAuthorized, "this user may not do that"};
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_app->sees("problemStrip"));
        QVERIFY(m_app->text("problemStripText").contains("password"));
        QVERIFY(m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
    }

    void figuresAreAskedForByThePersonOnly() {
        m_service->hello.mayReadLog = Permission::Ask;
        m_service->statistics.queries = 4711;
        openConnected();
        QVERIFY(m_app->sees("askForFigures"));
        m_service->status.notices = {QStringLiteral("a mark")};
        m_service->announce();
        QTRY_VERIFY(m_app->sees("noticeStrip0"));
        m_app->connection().fetchStatistics();
        QCOMPARE(m_app->text("queriesValue"), QString("—"));
        m_app->find("askForFiguresButton")->setFocus();
        QTest::keyClick(m_app->find("askForFiguresButton"), Qt::Key_Space);
        QTRY_COMPARE(m_app->text("queriesValue"), QString("4711"));
        QVERIFY(!m_app->sees("askForFigures"));
    }

    void figuresGoOnOnlyWhileThePasswordHolds() {
        m_service->hello.mayReadLog = Permission::Ask;
        openConnected();
        m_service->hello.mayReadLog = Permission::Yes; // what a new hello says after the password
        m_app->click("askForFiguresButton");
        QTRY_VERIFY(!m_app->sees("askForFigures"));
        m_service->statistics.queries = 12;
        QTRY_COMPARE(m_app->text("queriesValue"), QString("12"));
        m_service->hello.mayReadLog = Permission::Ask;
        QTRY_VERIFY(m_app->sees("askForFigures"));
        m_service->statistics.queries = 13;
        m_app->connection().fetchStatistics();
        QVERIFY(!m_app->sees("problemStrip"));
        QCOMPARE(m_app->text("queriesValue"), QString("12"));
    }

    void theLogIsAskedForByThePersonOnly() {
        m_service->hello.mayReadLog = Permission::Ask;
        openConnected();
        m_service->record({logEntry("www.example", protocol::AnswerSource::Cache)});
        m_app->click("navLog");
        QVERIFY(m_app->sees("askForLog"));
        QVERIFY(m_app->text("logEmpty").contains("not read yet"));
        QCOMPARE(m_service->calls.count("log.subscribe"), 0);
        m_app->click("askForLogButton");
        QTRY_COMPARE(m_app->find<QTableView>("logTable")->model()->rowCount(), 1);
        QVERIFY(!m_app->sees("askForLog"));
        QCOMPARE(m_service->subscribers(), 1);
    }

    void theLogThatWasLeftIsNotRead() {
        m_service->hello.mayReadLog = Permission::Ask;
        openConnected();
        m_app->click("navLog");
        m_service->holdChanges = true;
        m_app->click("askForLogButton");
        QTRY_VERIFY(m_app->sees("waitingStrip"));
        m_app->click("navOverview");
        m_service->release();
        QTRY_VERIFY(!m_app->sees("waitingStrip"));
        QTRY_COMPARE(m_service->subscribers(), 0);
    }

    void statisticsSayWhoMayNot() {
        m_service->hello.mayReadLog = Permission::No;
        openConnected();
        m_app->click("navStatistics");
        QVERIFY(m_app->sees("askForStatistics"));
        QVERIFY(m_app->text("askForStatisticsText").contains("administrator"));
        QVERIFY(!m_app->sees("askForStatisticsButton"));
        QVERIFY(!m_app->sees("problemStrip"));
    }

    void settingsNeedTheRightToConfigure() {
        m_service->hello.mayConfigure = Permission::No;
        openConnected();
        m_app->click("navProviders");
        m_app->click("systemToggle");
        QTRY_COMPARE(m_app->text("systemManageFixed"), QString("This account may not change it."));
        QVERIFY(!m_app->find("systemManageBox")->isEnabled());
        QVERIFY(!m_app->find("whenLostClosed")->isEnabled());
        QVERIFY(!m_app->find("policyChooser")->isEnabled());
        QVERIFY(m_app->find("providerList")->isEnabled());
        QVERIFY(!m_app->sees("providersBanner"));
    }

    void settingsMayAsk() {
        m_service->hello.mayConfigure = Permission::Ask;
        openConnected();
        m_app->click("navProviders");
        m_app->click("systemToggle");
        QTRY_VERIFY(m_app->find("systemManageBox")->isEnabled());
        QVERIFY(m_app->sees("systemPassword"));
        m_service->holdChanges = true;
        m_app->find("systemManageBox")->setFocus();
        QTest::keyClick(m_app->find("systemManageBox"), Qt::Key_Space);
        QTRY_VERIFY(m_app->sees("waitingStrip"));
        m_app->click("waitingStripClose");
        QTRY_VERIFY(!m_app->find<QAbstractButton>("systemManageBox")->isChecked());
    }

    void settingsAreNotReadWithoutNeed() {
        m_service->hello.mayToggle = Permission::Ask;
        openConnected();
        m_app->click("navProviders");
        QVERIFY(m_app->sees("providersPassword"));
        QTRY_VERIFY(m_app->connection().providers().has_value());
        QCOMPARE(m_service->calls.count("settings.get"), 0);
        m_app->click("systemToggle");
        QTRY_VERIFY(m_app->find("systemManageBox")->isEnabled());
    }

    void ownServersAreReplacedByWhoMayConfigure() {
        m_service->hello.mayConfigure = Permission::Ask;
        m_service->status.providers.clear();
        openConnected();
        m_service->holdChanges = true;
        m_app->connection().useProviders({QStringLiteral("quad9")});
        QTRY_VERIFY(m_app->sees("waitingStrip"));
        m_service->release();
        QTRY_COMPARE(m_service->status.providers, QStringList{"quad9"});
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowPermission)
#include "test_window_permission.moc"
