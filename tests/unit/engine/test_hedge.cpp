// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/hedge.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace sotto::engine;

namespace sotto::test {

class TestHedge : public QObject {
    Q_OBJECT

private slots:
    void theFirstTimeIsTheMedian() {
        RunningMedian median;
        QCOMPARE(median.micros(), 0.0);
        median.add(20000);
        QCOMPARE(median.micros(), 20000.0);
    }

    void aTimeOfNothingCounts() {
        RunningMedian median;
        median.add(0);
        QVERIFY(median.micros() > 0);
    }

    void settlesOnTheMedian_data() {
        QTest::addColumn<double>("first");
        QTest::newRow("from the middle") << 20000.0;
        QTest::newRow("from an outlier") << 500000.0;
        QTest::newRow("from far below") << 500.0;
    }
    void settlesOnTheMedian() {
        QFETCH(double, first);
        // Skewed, as round-trip times are: half of it below 20 ms, and a long tail.
        std::mt19937 random(1);
        std::lognormal_distribution<double> times(std::log(20000.0), 0.4);
        RunningMedian median;
        median.add(first);
        for (int i = 0; i < 300; ++i)
            median.add(times(random));
        double least = median.micros();
        double most = median.micros();
        for (int i = 0; i < 5000; ++i) {
            median.add(times(random));
            least = std::min(least, median.micros());
            most = std::max(most, median.micros());
        }
        QVERIFY2(least > 15000, qPrintable(QString::number(least)));
        QVERIFY2(most < 26000, qPrintable(QString::number(most)));
    }

    void staysWhereTheTimesAreAlike() {
        RunningMedian median;
        median.add(5000);
        for (int i = 0; i < 200; ++i)
            median.add(20000);
        QCOMPARE(median.micros(), 20000.0);
    }

    void oneLateAnswerInFortyIsNothing() {
        RunningMedian median;
        for (int i = 0; i < 4000; ++i)
            median.add(i % 40 == 39 ? 500000 : 20000);
        QVERIFY(median.micros() < 21000);
    }

    void followsWhenTheTimesChange() {
        RunningMedian median;
        for (int i = 0; i < 1000; ++i)
            median.add(20000);
        int taken = 0;
        for (; median.micros() < 95000; ++taken)
            median.add(100000);
        QVERIFY2(taken > 10 && taken < 120, qPrintable(QString::number(taken)));
        for (taken = 0; median.micros() > 21000; ++taken)
            median.add(20000);
        QVERIFY2(taken > 10 && taken < 120, qPrintable(QString::number(taken)));
    }

    void delays_data() {
        QTest::addColumn<double>("median");
        QTest::addColumn<qint64>("delay");
        QTest::newRow("unknown") << 0.0 << qint64{0};
        QTest::newRow("near") << 1000.0 << qint64{11000};
        QTest::newRow("where both meet") << 10000.0 << qint64{20000};
        QTest::newRow("far") << 20000.0 << qint64{40000};
    }
    void delays() {
        QFETCH(double, median);
        QFETCH(qint64, delay);
        QCOMPARE(qint64{HedgeBudget::delayMicros(median)}, delay);
    }

    void theShareHolds_data() {
        QTest::addColumn<double>("share");
        for (const double share : {0.0, 0.01, 0.05, 0.5, 1.0})
            QTest::addRow("%g", share) << share;
    }
    void theShareHolds() {
        QFETCH(double, share);
        HedgeBudget budget(share);
        int hedges = 0;
        for (int query = 1; query <= 20000; ++query) {
            budget.noteQuery();
            hedges += budget.take() ? 1 : 0;
            QVERIFY(hedges <= share * query + (share > 0 ? HedgeBudget::kBurst : 0));
        }
        QVERIFY(hedges >= share * 20000 - 1);
    }

    void quietTimesSaveUpABurstOnly() {
        HedgeBudget budget(0.05);
        for (int query = 0; query < 100000; ++query)
            budget.noteQuery();
        int hedges = 0;
        while (budget.take())
            ++hedges;
        QCOMPARE(hedges, static_cast<int>(HedgeBudget::kBurst));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestHedge)
#include "test_hedge.moc"
