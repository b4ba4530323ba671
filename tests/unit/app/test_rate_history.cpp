// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rate_history.h"

#include <QTest>

namespace sotto::app {

class TestRateHistory : public QObject {
    Q_OBJECT

private slots:
    void needsTwoSamples() {
        RateHistory history;
        QVERIFY(!history.latest());
        history.add(0, 100);
        QVERIFY(!history.latest());
        history.add(1000, 130);
        QCOMPARE(*history.latest(), 30.0);
        history.add(3000, 150);
        QCOMPARE(*history.latest(), 10.0);
        QCOMPARE(history.peak(), 30.0);
    }

    void keepsTwoMinutes() {
        RateHistory history;
        for (int second = 0; second <= 600; ++second)
            history.add(second * 1000, second);
        QCOMPARE(history.points().size(), 121);
        QCOMPARE(history.points().first().time, 480'000);
    }

    void doesNotInventWhatWasNotSeen() {
        RateHistory history;
        history.add(0, 0);
        history.add(1000, 10);
        history.add(61'000, 1000); // the page was hidden for a minute
        QVERIFY(!history.latest());
        QVERIFY(history.points().last().afterGap);
        QCOMPARE(history.peak(), 10.0);
        history.add(62'000, 1005);
        QCOMPARE(*history.latest(), 5.0);
    }

    void startsAnewWithTheService() {
        RateHistory history;
        history.add(0, 500);
        history.add(1000, 600);
        history.add(2000, 3);
        QVERIFY(history.points().isEmpty());
        history.add(3000, 5);
        QCOMPARE(*history.latest(), 2.0);
    }

    void ignoresTimeThatStandsStill() {
        RateHistory history;
        history.add(1000, 1);
        history.add(1000, 50);
        QVERIFY(history.points().isEmpty());
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestRateHistory)
#include "test_rate_history.moc"
