// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include "protocol/pause_end.h"
#include "ui/icons.h"
#include "ui/tray.h"

#include <QTimer>

namespace sotto::test {

/// Pausing, in the window and in the tray.
class TestWindowPause : public WindowTest {
    Q_OBJECT

private:
    void pauseFor(qint64 seconds) {
        m_service->status.pausedUntil = QDateTime::currentMSecsSinceEpoch() + seconds * 1000;
        m_service->status.protection = protocol::Protection::Off;
        m_service->status.systemDns.state = protocol::SystemDnsState::Off;
        m_service->announce();
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Paused"));
    }

    QTimer* countdown() { return m_app->window().findChild<QTimer*>("pauseCountdown"); }

    void arrange() override { makeSystemWide(*m_service); }

private slots:
    void lengths_data() {
        QTest::addColumn<QString>("action");
        QTest::addColumn<qint64>("seconds"); // 0: until tomorrow; -1: until the service's start
        QTest::newRow("five minutes") << "pauseFiveMinutes" << qint64{300};
        QTest::newRow("an hour") << "pauseOneHour" << qint64{3600};
        QTest::newRow("tomorrow") << "pauseUntilTomorrow" << qint64{0};
        QTest::newRow("restart") << "pauseUntilRestart" << qint64{-1};
    }

    void lengths() {
        QFETCH(QString, action);
        QFETCH(qint64, seconds);
        openConnected();
        QVERIFY(m_app->sees("pauseMenuButton"));
        const QDateTime before = QDateTime::currentDateTime();
        m_app->find("pauseMenu")->findChild<QAction*>(action)->trigger();
        QTRY_VERIFY(m_service->lastPause.has_value());
        const QDateTime after = QDateTime::currentDateTime();
        const auto until = m_service->lastPause->until;
        QCOMPARE(until.has_value(), seconds >= 0);
        if (until) {
            const auto end = [&](const QDateTime& now) {
                return (seconds > 0 ? now.addSecs(seconds) : protocol::startOfTomorrow(now))
                    .toMSecsSinceEpoch();
            };
            QVERIFY(*until >= end(before) && *until <= end(after));
        }
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Paused"));
        QCOMPARE(m_app->sees("pauseLeft"), seconds >= 0);
        QVERIFY(m_app->sees("resumeButton"));
        QVERIFY(!m_app->sees("pauseMenuButton"));
        QVERIFY(!m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
    }

    void countsDownOnlyWhileSeen() {
        openConnected();
        QVERIFY(!countdown()->isActive());
        pauseFor(90);
        QVERIFY(countdown()->isActive());
        QVERIFY2(m_app->text("pauseLeft").startsWith("1:"), qPrintable(m_app->text("pauseLeft")));
        const QString first = m_app->text("pauseLeft");
        QTRY_VERIFY(m_app->text("pauseLeft") != first);
        m_app->click("navLog");
        QVERIFY(!countdown()->isActive());
        m_app->click("navOverview");
        QVERIFY(countdown()->isActive());
        m_app->window().hide();
        QVERIFY(!countdown()->isActive());
        m_app->window().show();
        QVERIFY(countdown()->isActive());
        m_service->status.pausedUntil.reset();
        m_service->announce();
        QTRY_VERIFY(!countdown()->isActive());
    }

    void withoutAnEndNothingCounts() {
        openConnected();
        m_service->status.pausedUntil = 0;
        m_service->announce();
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Paused"));
        QVERIFY(m_app->text("stateSentence").contains("Sotto answers until")); // it is on still
        m_service->status.systemDns.state = protocol::SystemDnsState::Off;
        m_service->announce();
        QTRY_VERIFY(m_app->text("stateSentence").startsWith("Until the service starts anew,"));
        QVERIFY(!countdown()->isActive());
        QVERIFY(!m_app->sees("pauseLeft"));
    }

    void resumes() {
        openConnected();
        pauseFor(300);
        QVERIFY(m_app->text("stateSentence").contains("had before Sotto"));
        m_app->find("resumeButton")->setFocus();
        QTest::keyClick(m_app->find("resumeButton"), Qt::Key_Space);
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Encrypted"));
        QVERIFY(m_service->tested.isEmpty()); // it was on before; nothing is tried first
    }

    void theSwitchResumes() {
        openConnected();
        pauseFor(300);
        m_app->click("forwardingSwitch");
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Encrypted"));
    }

    void turnsOffForGood() {
        openConnected();
        pauseFor(300);
        m_app->click("stayOffButton");
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Off"));
        QVERIFY(!m_service->status.enabled);
        QVERIFY(!m_app->sees("resumeButton"));
        QVERIFY(!m_app->sees("pauseMenuButton"));
    }

    void sayWhyItWasNotPaused() {
        openConnected();
        m_service->refuseNextChange =
            StandInService::Refusal{protocol::Rejected, "the end must lie ahead"};
        m_app->find("pauseMenu")->findChild<QAction*>("pauseOneHour")->trigger();
        QTRY_VERIFY(m_app->sees("problemStrip"));
        QVERIFY(m_app->text("problemStripText").startsWith("Sotto was not paused."));
        QVERIFY(m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
    }

    void theTrayPausesAndResumes() {
        openConnected();
        app::Tray tray(m_app->connection(), m_app->forwarding());
        const auto action = [&](const char* name) {
            return tray.menu()->findChild<QAction*>(name);
        };
        auto* pauses = tray.menu()->findChild<QMenu*>("trayPause");
        auto* minute = tray.findChild<QTimer*>("trayMinute");
        QVERIFY(pauses->isEnabled() && pauses->menuAction()->isVisible());
        QVERIFY(!action("trayResume")->isVisible());
        QVERIFY(!minute->isActive());
        action("trayPauseFiveMinutes")->trigger();
        QTRY_VERIFY(action("trayResume")->isVisible());
        QVERIFY(!pauses->menuAction()->isVisible());
        QVERIFY2(tray.toolTip().startsWith("Sotto: Paused. Until ") &&
                     tray.toolTip().contains("5 min left."),
                 qPrintable(tray.toolTip()));
        QVERIFY(action("trayStatus")->text().contains("5 min left."));
        QVERIFY(minute->isActive());
        QVERIFY(minute->interval() >= 60'000);
        action("trayResume")->trigger();
        QTRY_VERIFY(!action("trayResume")->isVisible());
        QVERIFY(!minute->isActive());
        QVERIFY(action("trayEnabled")->isChecked());
    }

    void pausedHasAnIconOfItsOwn() {
        const auto picture = [](app::AppState state) {
            return app::trayIcon(state).pixmap(32).toImage();
        };
        QVERIFY(!picture(app::AppState::Paused).isNull());
        for (const app::AppState other :
             {app::AppState::Off, app::AppState::Disconnected, app::AppState::Starting})
            QVERIFY(picture(app::AppState::Paused) != picture(other));
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowPause)
#include "test_window_pause.moc"
