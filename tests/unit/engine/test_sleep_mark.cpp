// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/sleep_mark.h"

#include <QTest>

namespace sotto::engine {

/// Sleep shows as a gap between two clocks, however long it lasts and whatever came before.
class TestSleepMark : public QObject {
    Q_OBJECT

private slots:
    void gaps_data() {
        QTest::addColumn<qint64>("awake");
        QTest::addColumn<qint64>("asleep");
        QTest::addColumn<bool>("slept");
        constexpr qint64 kSecond = 1'000'000;
        QTest::newRow("at once") << qint64{0} << qint64{0} << false;
        QTest::newRow("awake for a day") << 86400 * kSecond << qint64{0} << false;
        QTest::newRow("the clocks are read one after the other") << kSecond << qint64{300} << false;
        QTest::newRow("read the other way round") << kSecond << qint64{-300} << false;
        QTest::newRow("a nap") << kSecond << kSecond << false;
        QTest::newRow("a longer one") << kSecond << kSecond + 1 << true;
        QTest::newRow("a night") << 10 * kSecond << 8 * 3600 * kSecond << true;
    }

    void gaps() {
        QFETCH(qint64, awake);
        QFETCH(qint64, asleep);
        QFETCH(bool, slept);
        // It may have slept before, too: then the boot clock is ahead from the beginning.
        for (const qint64 before : {qint64{0}, qint64{7'200'000'000}}) {
            constexpr qint64 kMonotonic = 5'000'000'000;
            SleepMark mark;
            mark.set(kMonotonic + before, kMonotonic);
            QCOMPARE(mark.hasSlept(kMonotonic + before + awake + asleep, kMonotonic + awake),
                     slept);
        }
    }

    void aNewMarkForgetsTheSleepBefore() {
        SleepMark mark;
        mark.set(100, 100);
        QVERIFY(mark.hasSlept(9'000'100, 100));
        mark.set(9'000'100, 100);
        QVERIFY(!mark.hasSlept(9'500'100, 500'100));
        QVERIFY(mark.hasSlept(12'000'100, 500'100));
    }
};

} // namespace sotto::engine

QTEST_GUILESS_MAIN(sotto::engine::TestSleepMark)
#include "test_sleep_mark.moc"
