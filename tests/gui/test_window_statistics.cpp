// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include <QAccessible>
#include <QCheckBox>
#include <QLineEdit>
#include <QTimer>

namespace sotto::test {

/// Counters, and making the cache forget.
class TestWindowStatistics : public WindowTest {
    Q_OBJECT

private:
    void openPage() {
        QVERIFY(m_service->start());
        m_app->open();
        m_app->click("navStatistics");
        QTRY_VERIFY(m_app->text("queriesUdpCount") != "—");
    }

    void arrange() override {
        makeOrdinary(*m_service);
        m_service->statistics.queriesUdp = 17;
        m_service->statistics.cacheEntries = 5;
        m_service->statistics.cacheBytes = 1024;
        m_service->statistics.cacheCapacityBytes = 32 * 1024 * 1024;
        m_service->statistics.hitMedianMillis = 0.02;
        m_service->statistics.hitP99Millis = 0.2;
    }

private slots:
    void showsCountersLive() {
        openPage();
        QCOMPARE(m_app->text("queriesUdpCount"), QString("17"));
        QCOMPARE(m_app->text("hitTimesText"),
                 QString("Half within 20 µs, 99 of 100 within 200 µs"));
        QCOMPARE(m_app->text("missTimesText"), QString("—"));
        m_service->statistics.queriesUdp = 18;
        QTRY_COMPARE(m_app->text("queriesUdpCount"), QString("18"));
    }

    void asksOnlyWhileOnTheScreen() {
        openPage();
        const auto polls = [&](const char* name) { return m_app->find<QTimer>(name)->isActive(); };
        QVERIFY(polls("statisticsPoll"));
        QVERIFY(!polls("overviewPoll"));
        m_app->click("navProviders");
        QVERIFY(!polls("statisticsPoll"));
        m_app->click("navOverview");
        QVERIFY(polls("overviewPoll"));
        m_app->window().hide();
        QVERIFY(!polls("overviewPoll"));
        QVERIFY(!polls("statisticsPoll"));
    }

    void forgetsEverything() {
        openPage();
        m_service->flushRemoves = 42;
        m_app->click("flushAllButton");
        QTRY_VERIFY(m_app->sees("doneStrip"));
        QVERIFY(m_app->text("doneStripText").contains("42"));
    }

    void forgetsOneName() {
        openPage();
        QVERIFY(!m_app->find("flushNameButton")->isEnabled());
        QTest::keyClicks(m_app->find("flushName"), " example.com ");
        QVERIFY(m_app->find("flushNameButton")->isEnabled());
        QTest::keyClick(m_app->find("flushName"), Qt::Key_Return);
        QTRY_VERIFY(m_app->sees("doneStrip"));
        QCOMPARE(m_app->text("doneStripText"), QString("No answer for example.com was kept."));
        QVERIFY(m_service->calls.contains("cache.flush"));
    }

    void forgetsASubtree() {
        openPage();
        m_app->find("flushName")->setFocus();
        QTest::keyClicks(m_app->find("flushName"), "example.com");
        QTest::keyClick(m_app->find("flushName"), Qt::Key_Return);
        QTRY_VERIFY(m_service->calls.contains("cache.flush"));
        QVERIFY(!m_service->lastFlush.subtree);
        QTest::keyClick(m_app->find("flushName"), Qt::Key_Tab);
        QTRY_VERIFY(m_app->find("flushSubtree")->hasFocus());
        QTest::keyClick(m_app->find("flushSubtree"), Qt::Key_Space);
        QVERIFY(m_app->find<QCheckBox>("flushSubtree")->isChecked());
        m_service->flushRemoves = 7;
        m_app->click("flushNameButton");
        QTRY_VERIFY(m_service->lastFlush.subtree);
        QCOMPARE(m_service->lastFlush.name.value_or(QString()), QString("example.com"));
        QTRY_VERIFY(m_app->text("doneStripText").contains("and names below it"));
        m_app->click("flushAllButton");
        QTRY_VERIFY(!m_service->lastFlush.name);
        QVERIFY(!m_service->lastFlush.subtree);
    }

    void showsWhatElseWasCounted() {
        m_service->statistics.staleAnswers = 3;
        m_service->statistics.prefetches = 4;
        m_service->statistics.localAnswers = 5;
        openPage();
        QCOMPARE(m_app->text("staleAnswersCount"), QString("3"));
        QCOMPARE(m_app->text("prefetchesCount"), QString("4"));
        QCOMPARE(m_app->text("localAnswersCount"), QString("5"));
    }

    void showsTheTypesThatWereAskedFor() {
        m_service->statistics.queriesByType = {{"other", 10}, {"A", 60}, {"AAAA", 30}};
        openPage();
        QWidget* bars = m_app->find("typeShares");
        const auto described = [&] {
            return QAccessible::queryAccessibleInterface(bars)->text(QAccessible::Description);
        };
        QCOMPARE(QAccessible::queryAccessibleInterface(bars)->text(QAccessible::Name),
                 QString("Questions by type"));
        QCOMPARE(described(), QString("A: 60 %, 60; AAAA: 30 %, 30; others: 10 %, 10"));
        const QImage before = bars->grab().toImage();
        m_service->statistics.queriesByType = {{"HTTPS", 1}};
        QTRY_COMPARE(described(), QString("HTTPS: 100 %, 1"));
        QVERIFY(bars->grab().toImage() != before);
        m_service->stop();
        QTRY_COMPARE(described(), QString());
    }

    void captionsAreInOneLine_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("threeBeside");
        QTest::newRow("small") << 800 << false;
        QTest::newRow("large") << 1400 << true;
    }

    void captionsAreInOneLine() {
        QFETCH(int, width);
        QFETCH(bool, threeBeside);
        openPage();
        m_app->window().resize(width, 600);
        const auto topOf = [&](const char* name) {
            QWidget* widget = m_app->find(name);
            return widget->mapTo(m_app->find("statisticsPage"), QPoint()).y();
        };
        QTRY_COMPARE(topOf("upstreamQueriesTitle") == topOf("queriesTitle"), threeBeside);
        QCOMPARE(topOf("cacheHitsTitle"), topOf("queriesTitle"));
        QCOMPARE(topOf("refusedTitle"), topOf("uptimeTitle"));
        for (const char* caption : {"truncatedTitle", "coalescedTitle", "prefetchesTitle"}) {
            const auto* label = m_app->find<QLabel>(caption);
            QVERIFY2(label->width() >= label->sizeHint().width(), caption);
            QVERIFY2(label->height() < 2 * label->fontMetrics().height(), caption);
        }
    }

    void forgetsAnInternationalisedName() {
        openPage();
        m_app->find<QLineEdit>("flushName")->setText(QString::fromUtf8("b\u00fccher.example"));
        m_app->click("flushNameButton");
        QTRY_VERIFY(m_app->sees("doneStrip"));
        QCOMPARE(m_app->text("doneStripText"),
                 QString("No answer for xn--bcher-kva.example was kept."));
    }

    void countsEvictionsWithTheCache() {
        m_service->statistics.cacheEvictions = 12;
        openPage();
        QCOMPARE(m_app->text("cacheEvictionsCount"), QString("12"));
        QVERIFY(m_app->find("cacheCard")->isAncestorOf(m_app->find("cacheEvictionsCount")));
    }

    void withoutPermission() {
        m_service->hello.mayToggle = protocol::Permission::No;
        openPage();
        QVERIFY(!m_app->find("flushAllButton")->isEnabled());
        QVERIFY(!m_app->find("flushName")->isEnabled());
        QVERIFY(!m_app->find("flushSubtree")->isEnabled());
        QVERIFY(!m_app->find("flushAllButton")->toolTip().isEmpty());
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowStatistics)
#include "test_window_statistics.moc"
