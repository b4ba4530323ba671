// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/pause.h"

#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

namespace sotto::service {

/// A timer by the wall clock, and the pause that ends with it.
class TestWakeTimer : public QObject {
    Q_OBJECT

private:
    static qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

private slots:
    void ringsOnceWhenItsTimeHasCome() {
        WakeTimer timer;
        QSignalSpy rings(&timer, &WakeTimer::rang);
        const qint64 due = now() + 60;
        timer.start(due);
        QTRY_COMPARE(rings.size(), 1);
        QVERIFY(now() >= due);
        WakeTimer other; // what rings later shows that the first one does not ring again
        QSignalSpy later(&other, &WakeTimer::rang);
        other.start(now() + 60);
        QTRY_COMPARE(later.size(), 1);
        QCOMPARE(rings.size(), 1);
    }

    void ringsAtOnceForATimeThatIsOver() {
        WakeTimer timer;
        QSignalSpy rings(&timer, &WakeTimer::rang);
        timer.start(now() - 10000);
        QTRY_COMPARE(rings.size(), 1);
    }

    void anotherTimeTakesThePlaceOfTheFirst() {
        WakeTimer first;
        WakeTimer second;
        WakeTimer third;
        QSignalSpy ofFirst(&first, &WakeTimer::rang);
        QSignalSpy ofSecond(&second, &WakeTimer::rang);
        QSignalSpy ofThird(&third, &WakeTimer::rang);
        first.start(now() + 30);
        first.start(now() + 86400000);
        second.start(now() + 30);
        second.stop();
        third.start(now() + 100);
        QTRY_COMPARE(ofThird.size(), 1);
        QVERIFY(ofFirst.isEmpty());
        QVERIFY(ofSecond.isEmpty());
    }

    void aPauseEndsByItself() {
        Pause pause;
        QSignalSpy over(&pause, &Pause::over);
        QVERIFY(!pause.isOn());
        pause.begin(now() + 30);
        QVERIFY(pause.isOn());
        QTRY_COMPARE(over.size(), 1);
        QVERIFY(!pause.isOn());
    }

    void aPauseWithoutATimeDoesNot() {
        Pause pause;
        QSignalSpy over(&pause, &Pause::over);
        pause.begin(now() + 30);
        pause.begin(std::nullopt);
        QCOMPARE(pause.until(), std::optional<qint64>(0));
        WakeTimer later;
        QSignalSpy rings(&later, &WakeTimer::rang);
        later.start(now() + 100);
        QTRY_COMPARE(rings.size(), 1);
        QVERIFY(over.isEmpty());
        pause.end();
        QVERIFY(!pause.isOn());
    }
};

} // namespace sotto::service

QTEST_GUILESS_MAIN(sotto::service::TestWakeTimer)
#include "test_wake_timer.moc"
