// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include "models/log_model.h"
#include "ui/translations.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTranslator>

namespace sotto::test {

using protocol::AnswerSource;

/// The live query log.
class TestWindowLog : public WindowTest {
    Q_OBJECT

private:
    QTableView* m_table = nullptr;

    void openPage() {
        QVERIFY(m_service->start());
        m_app->open();
        m_app->click("navLog");
        m_table = m_app->find<QTableView>("logTable");
        QTRY_COMPARE(m_service->subscribers(), 1);
    }
    int rows() const { return m_table->model()->rowCount(); }
    void recordMany(int count) {
        QList<protocol::LogEntry> entries;
        for (int i = 0; i < count; ++i)
            entries.append(logEntry(QStringLiteral("n%1.example").arg(i), AnswerSource::Cache));
        m_service->record(entries);
    }

    void arrange() override { makeOrdinary(*m_service); }

private slots:
    void cleanup() {
        WindowTest::cleanup();
        qDeleteAll(qApp->findChildren<QTranslator*>());
    }

    void columnsFitTheirHeadersAndTexts_data() {
        QTest::addColumn<QLocale>("locale");
        QTest::newRow("English") << QLocale(QLocale::English);
        QTest::newRow("German") << QLocale(QLocale::German);
    }

    void columnsFitTheirHeadersAndTexts() {
        QFETCH(QLocale, locale);
        app::installTranslations(*qApp, locale);
        openPage();
        QFont bold = m_table->font();
        bold.setWeight(QFont::DemiBold);
        const QFontMetrics metrics(bold);
        for (const char* result : {"NXDOMAIN", "SERVFAIL"})
            QVERIFY(m_table->columnWidth(app::LogModel::Result) - 2 * app::kSpace >=
                    metrics.horizontalAdvance(QLatin1String(result)));
        for (int column = 0; column < app::LogModel::ColumnCount; ++column)
            QVERIFY2(m_table->columnWidth(column) >=
                         m_table->horizontalHeader()->sectionSizeHint(column),
                     qPrintable(m_table->model()->headerData(column, Qt::Horizontal).toString()));
    }

    void showsQueriesAsTheyCome() {
        m_service->record({logEntry("before.example", AnswerSource::Cache)});
        openPage();
        QTRY_COMPARE(rows(), 1);
        m_service->record({logEntry("live.example", AnswerSource::Upstream)});
        QTRY_COMPARE(rows(), 2);
        QCOMPARE(m_table->model()->index(1, 1).data().toString(), QString("live.example"));
    }

    void explainsTheSelectedOneAsPlainText() {
        openPage();
        protocol::LogEntry entry =
            logEntry("<img src=x>.example", AnswerSource::Failed, "SERVFAIL");
        entry.extendedError = 22;
        m_service->record({entry});
        QTRY_COMPARE(rows(), 1);
        m_table->selectRow(0);
        QVERIFY(m_app->text("logDetailName").startsWith("<img src=x>.example"));
        QCOMPARE(m_app->find<QLabel>("logDetailName")->textFormat(), Qt::PlainText);
        QVERIFY(m_app->text("logDetailWhy").contains("gave no usable answer"));
        QVERIFY(m_app->text("logDetailWhy").contains("22: no reachable server"));
        QVERIFY(m_app->text("logDetailFacts").contains("over UDP"));
    }

    void tellsEveryStep() {
        openPage();
        protocol::LogEntry entry = logEntry("www.example", AnswerSource::Upstream);
        protocol::Attempt silent;
        silent.upstream = QStringLiteral("Quad9");
        silent.address = QStringLiteral("9.9.9.9");
        silent.outcome = QStringLiteral("silent");
        silent.connection = protocol::ConnectionUse::New;
        silent.connectMillis = 21;
        silent.tlsMillis = 40;
        silent.tookMillis = 1861;
        protocol::Attempt second;
        second.upstream = QStringLiteral("Cloudflare");
        second.outcome = QStringLiteral("answered");
        second.connection = protocol::ConnectionUse::Reused;
        second.startedMillis = 1800;
        second.tookMillis = 14;
        second.rcode = QStringLiteral("NOERROR");
        entry.attempts = {silent, second};
        m_service->record({entry});
        QTRY_COMPARE(rows(), 1);
        QVERIFY(!m_app->sees("copyDetailsButton"));
        m_table->selectRow(0);
        QVERIFY(m_app->sees("logDetailSteps"));
        QCOMPARE(m_app->text("logStep0"), QString("Quad9 (9.9.9.9): TCP handshake"));
        for (const app::ThemeChoice theme : {app::ThemeChoice::Dark, app::ThemeChoice::Light}) {
            app::Theme::instance().setChoice(theme); // the steps take its colours
            QCOMPARE(m_app->text("logStep0"), QString("Quad9 (9.9.9.9): TCP handshake"));
        }
        QCOMPARE(m_app->text("logStep1At"), QString("+21 ms"));
        QCOMPARE(m_app->text("logStep2"),
                 QString("Quad9 (9.9.9.9): asked over the new connection; no answer in time"));
        QCOMPARE(m_app->text("logStep2Took"), QString("1.8 s"));
        QCOMPARE(m_app->text("logStep3"),
                 QString("Cloudflare: asked over an open connection; it answered, NOERROR"));
        m_app->click("copyDetailsButton");
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY(text.startsWith("www.example  A\nAnswered by Quad9"));
        QVERIFY(text.contains("+1.8 s\tCloudflare: asked over an open connection"));
        m_table->clearSelection();
        QVERIFY(!m_app->sees("logDetailSteps"));
    }

    void tellsTheAgeOfACachedAnswer() {
        openPage();
        protocol::LogEntry entry = logEntry("www.example", AnswerSource::Cache);
        entry.cacheAgeSeconds = 12;
        entry.ttlSeconds = 48;
        m_service->record({entry});
        QTRY_COMPARE(rows(), 1);
        m_table->selectRow(0);
        QVERIFY2(m_app->text("logDetailWhy")
                     .contains("The answer came 12 s ago; the program may keep it for 48 s."),
                 qPrintable(m_app->text("logDetailWhy")));
        QVERIFY(!m_app->sees("logDetailSteps"));
    }

    void pausesAndResumes() {
        openPage();
        m_app->click("pauseButton");
        m_service->record({logEntry("a.example", AnswerSource::Cache),
                           logEntry("b.example", AnswerSource::Cache)});
        QTRY_VERIFY(m_app->text("logCounts").contains("paused, 2 waiting"));
        QCOMPARE(rows(), 0);
        QCOMPARE(m_app->find<QAbstractButton>("pauseButton")->text(), QString("Resume"));
        m_app->click("pauseButton");
        QCOMPARE(rows(), 2);
    }

    void searchesAndFilters() {
        openPage();
        m_service->record({logEntry("a.example", AnswerSource::Cache),
                           logEntry("b.example", AnswerSource::Upstream),
                           logEntry("c.test", AnswerSource::Failed, "SERVFAIL")});
        QTRY_COMPARE(rows(), 3);
        QTest::keyClicks(m_app->find("logSearch"), "example");
        QTRY_COMPARE(rows(), 2);
        auto* source = m_app->find<QComboBox>("sourceFilter");
        source->setCurrentIndex(source->findText("Cache"));
        QCOMPARE(rows(), 1);
        QVERIFY(m_app->text("logCounts").startsWith("1 of 3"));
        source->setCurrentIndex(0);
        m_app->find<QLineEdit>("logSearch")->clear();
        QTRY_COMPARE(rows(), 3);
        auto* result = m_app->find<QComboBox>("resultFilter");
        result->setCurrentIndex(result->findText("NXDOMAIN"));
        QCOMPARE(rows(), 0);
        QCOMPARE(m_app->text("logEmpty"), QString("No entry matches."));
        m_service->record({logEntry("gone.example", AnswerSource::Upstream, "NXDOMAIN")});
        QTRY_COMPARE(rows(), 1);
    }

    void showsStaleAnswersAsSuch() {
        openPage();
        m_service->record({logEntry("a.example", AnswerSource::Cache),
                           logEntry("old.example", AnswerSource::Stale)});
        QTRY_COMPARE(rows(), 2);
        QCOMPARE(m_table->model()->index(1, 4).data().toString(), QString("Cache, expired"));
        m_table->selectRow(1);
        QVERIFY(m_app->text("logDetailWhy").contains("past its time"));
        auto* source = m_app->find<QComboBox>("sourceFilter");
        source->setCurrentIndex(source->findText("Cache, expired"));
        QCOMPARE(rows(), 1);
        QCOMPARE(m_table->model()->index(0, 1).data().toString(), QString("old.example"));
    }

    void saysThatTheLogIsSwitchedOff() {
        openPage();
        QVERIFY(!m_app->text("logEmpty").contains("switched off"));
        m_service->status.queryLog = false;
        m_service->announce();
        QTRY_COMPARE(m_app->text("logEmpty"),
                     QString("The query log is switched off in the settings (log.entries is 0)."));
        QVERIFY(m_app->text("logCounts").contains("switched off in the settings"));
        m_service->status.queryLog = true;
        m_service->announce();
        QTRY_VERIFY(m_app->text("logEmpty").startsWith("No query yet"));
    }

    void clearsTheViewForGood() {
        openPage();
        recordMany(3);
        QTRY_COMPARE(rows(), 3);
        m_app->click("clearButton");
        QCOMPARE(rows(), 0);
        m_app->click("navOverview");
        QTRY_COMPARE(m_service->subscribers(), 0);
        m_app->click("navLog");
        QTRY_COMPARE(m_service->subscribers(), 1);
        m_service->record({logEntry("new.example", AnswerSource::Cache)});
        QTRY_COMPARE(rows(), 1);
    }

    void catchesUpWithoutDoubles() {
        openPage();
        recordMany(3);
        QTRY_COMPARE(rows(), 3);
        m_app->window().hide();
        QTRY_COMPARE(m_service->subscribers(), 0);
        recordMany(2);
        m_app->window().show();
        QTRY_COMPARE(rows(), 5);
    }

    void copiesRows() {
        openPage();
        recordMany(2);
        QTRY_COMPARE(rows(), 2);
        QVERIFY(!m_app->find("copyButton")->isEnabled());
        m_table->selectAll();
        m_app->click("copyButton");
        const QString text = QGuiApplication::clipboard()->text();
        QCOMPARE(text.count('\n'), 1);
        QVERIFY(text.contains("n1.example\tA\tNOERROR\tCache"));
        QGuiApplication::clipboard()->clear();
        m_table->setFocus();
        QTest::keyClick(m_table, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QGuiApplication::clipboard()->text().contains("n0.example"));
    }

    void followsTheTailUntilScrolledUp() {
        openPage();
        recordMany(200);
        QScrollBar* bar = m_table->verticalScrollBar();
        QTRY_COMPARE(rows(), 200);
        QTRY_VERIFY(bar->maximum() > 0 && bar->value() == bar->maximum());
        QVERIFY(!m_app->sees("followButton"));
        m_table->setFocus();
        m_table->selectRow(199);
        QTest::keyClick(m_table, Qt::Key_Home, Qt::ControlModifier);
        QTRY_VERIFY(m_app->sees("followButton"));
        const int place = bar->value();
        recordMany(50);
        QTRY_COMPARE(rows(), 250);
        QCOMPARE(bar->value(), place);
        m_app->click("followButton");
        QTRY_COMPARE(bar->value(), bar->maximum());
        QVERIFY(!m_app->sees("followButton"));
    }

    void forgetsEverythingWithTheService() {
        openPage();
        recordMany(3);
        QTRY_COMPARE(rows(), 3);
        m_service->stop();
        QTRY_VERIFY(m_app->sees("disconnectedPanel"));
        QCOMPARE(rows(), 0);
    }

    void saysWhyItCannotBeRead() {
        m_service->hello.mayReadLog = protocol::Permission::No;
        QVERIFY(m_service->start());
        m_app->open();
        m_app->click("navLog");
        QTRY_VERIFY(m_app->text("logEmpty").contains("may not read"));
        QVERIFY(!m_app->find("pauseButton")->isEnabled());
        QVERIFY(!m_service->calls.contains("log.subscribe"));
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowLog)
#include "test_window_log.moc"
