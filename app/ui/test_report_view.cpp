// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/test_report_view.h"

#include "core/provider_report.h"
#include "ui/flow_layout.h"
#include "ui/labels.h"
#include "ui/meters.h"
#include "ui/theme.h"

#include <QAccessible>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr int kMarkSize = 16;
constexpr int kGridRows = 3; ///< of one line: heading, title with value, wide value

/// Long words without spaces (a key, a cipher) may be broken where they would not fit.
QString breakable(const QString& text) {
    constexpr int kLongest = 12;
    constexpr int kLong = 8;
    QString result;
    int run = 0;
    for (const QChar letter : text) {
        result += letter;
        run = letter.isSpace() ? 0 : run + 1;
        if (run >= kLongest || (run >= kLong && (letter == u'_' || letter == u'.'))) {
            result += QChar(0x200b); // zero width space
            run = 0;
        }
    }
    return result;
}

QString valueText(const ReportRow& row) {
    if (row.claim.isEmpty())
        return row.value;
    QStringList lines{TestReportView::tr("Claimed: %1").arg(row.claim)};
    if (!row.value.isEmpty())
        lines.append(TestReportView::tr("Measured: %1").arg(row.value));
    if (row.mark == ReportRow::Mark::Differs)
        lines.append(TestReportView::tr("Differs from the claim"));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

TestReportView::TestReportView(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(QStringLiteral("testTitle"), TextRole::Heading, this))
    , m_progress(new FillBar(this))
    , m_outcomeIcon(new IconLabel(QStringLiteral("check"), IconLabel::Tint::Good, 20, this))
    , m_outcome(plainLabel(QStringLiteral("testOutcome"), TextRole::Body, this))
    , m_table(new QWidget(this))
    , m_grid(new QGridLayout(m_table))
    , m_copyPin(new QPushButton(tr("Copy pin"), this))
    , m_copyReport(new QPushButton(tr("Copy report"), this)) {
    setObjectName(QStringLiteral("testReport"));
    setProperty("inset", true);
    setAccessibleName(tr("Test of this provider"));
    m_title->setWordWrap(true);
    m_progress->setObjectName(QStringLiteral("testProgress"));
    m_progress->setAccessibleName(tr("How far the test is"));
    makeSelectable(m_outcome);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(kSpace);
    m_grid->setVerticalSpacing(kSpace / 2);
    m_grid->setColumnStretch(1, 1);
    m_copyPin->setObjectName(QStringLiteral("copyPinButton"));
    m_copyPin->setAccessibleDescription(tr("Copies the pin of the provider's key"));
    m_copyReport->setObjectName(QStringLiteral("copyReportButton"));
    m_copyReport->setAccessibleDescription(tr("Copies the whole report as text"));
    connect(m_copyPin, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_run.report.pin.value_or(QString()));
    });
    connect(m_copyReport, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(reportAsText(m_run.test, m_run.report, m_run.at));
    });

    auto* outcome = new QHBoxLayout;
    outcome->setSpacing(kSpace);
    outcome->addWidget(m_outcomeIcon, 0, Qt::AlignTop);
    outcome->addWidget(m_outcome, 1);
    auto* buttonBox = new QWidget(this);
    auto* buttons = new FlowLayout(buttonBox, kSpace);
    buttons->addWidget(m_copyReport);
    buttons->addWidget(m_copyPin);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    layout->setSpacing(kSpace);
    layout->addWidget(m_title);
    layout->addWidget(m_progress);
    layout->addLayout(outcome);
    layout->addWidget(m_table);
    layout->addWidget(buttonBox);
    hide();
}

void TestReportView::makeLines(int count) {
    while (m_lines.size() < count) {
        Line line;
        line.section = plainLabel({}, TextRole::Heading, m_table);
        line.title = plainLabel({}, TextRole::Muted, m_table);
        line.value = plainLabel({}, TextRole::Body, m_table);
        line.mark =
            new IconLabel(QStringLiteral("check"), IconLabel::Tint::Good, kMarkSize, m_table);
        const int row = static_cast<int>(m_lines.size()) * kGridRows;
        m_grid->addWidget(line.section, row, 0, 1, 3);
        m_grid->addWidget(line.title, row + 1, 0, Qt::AlignTop);
        m_grid->addWidget(line.value, row + 1, 1);
        m_grid->addWidget(line.mark, row + 1, 2, Qt::AlignTop);
        m_lines.append(line);
    }
}

/// A claim beside what was measured is too long for the column of values.
void TestReportView::place(int index, bool wide) {
    Line& line = m_lines[index];
    if (line.wide == wide)
        return;
    line.wide = wide;
    m_grid->removeWidget(line.value);
    line.value->setContentsMargins(0, 0, 0, wide ? kSpace / 2 : 0);
    const int row = index * kGridRows;
    if (wide)
        m_grid->addWidget(line.value, row + 2, 0, 1, 3);
    else
        m_grid->addWidget(line.value, row + 1, 1);
}

void TestReportView::showLine(int index, const ReportRow& row) {
    place(index, !row.claim.isEmpty());
    const Line& line = m_lines.at(index);
    const bool known = !row.value.isEmpty();
    line.section->setObjectName(QStringLiteral("testSection-") + row.key);
    line.section->setText(row.section);
    line.section->setVisible(!row.section.isEmpty());
    line.title->setText(row.title);
    line.title->setVisible(known);
    line.value->setObjectName(QStringLiteral("test-") + row.key);
    const QString text = valueText(row);
    line.value->setText(breakable(text));
    line.value->setAccessibleName(text);
    line.value->setAccessibleDescription(row.title);
    line.value->setVisible(known);
    line.mark->setVisible(known && row.mark != ReportRow::Mark::None);
    if (row.mark == ReportRow::Mark::Good)
        line.mark->setIcon(QStringLiteral("check"), IconLabel::Tint::Good);
    else if (row.mark != ReportRow::Mark::None)
        line.mark->setIcon(QStringLiteral("warning"), IconLabel::Tint::Warning);
}

void TestReportView::tellOutcome(const ProviderTestRun& run, const QString& verdict, bool differs) {
    QString text = run.refusal;
    if (text.isEmpty())
        text = reportErrorText(run.report);
    const bool failed = !text.isEmpty();
    if (!failed)
        text = run.running ? reportStageText(run.report) : verdict;
    m_outcome->setText(text);
    m_outcome->setVisible(!text.isEmpty());
    m_outcomeIcon->setVisible(!text.isEmpty() && (failed || !run.running));
    m_outcomeIcon->setIcon(failed || differs ? QStringLiteral("warning") : QStringLiteral("check"),
                           failed    ? IconLabel::Tint::Bad
                           : differs ? IconLabel::Tint::Warning
                                     : IconLabel::Tint::Good);
}

void TestReportView::show(const ProviderTestRun* run) {
    setVisible(run != nullptr);
    if (!run) {
        m_wasRunning = false;
        return;
    }
    m_run = *run;
    const QList<ReportRow> rows =
        reportRows(m_run.test, m_run.report, QDateTime::currentDateTime());
    const bool differs =
        std::ranges::find(rows, ReportRow::Mark::Differs, &ReportRow::mark) != rows.end();
    m_title->setText(
        m_run.running
            ? tr("Testing …")
            : tr("Tested at %1").arg(QLocale().toString(m_run.at.time(), QLocale::ShortFormat)));
    m_progress->setShare(reportProgress(m_run.report));
    m_progress->setVisible(m_run.running);
    tellOutcome(m_run, reportVerdict(rows), differs);

    makeLines(static_cast<int>(rows.size()));
    bool anything = false;
    QLabel* heading = nullptr; // hidden until a row below it is known
    for (int i = 0; i < rows.size(); ++i) {
        showLine(i, rows.at(i));
        if (!rows.at(i).section.isEmpty()) {
            heading = m_lines.at(i).section;
            heading->hide();
        }
        if (rows.at(i).value.isEmpty())
            continue;
        anything = true;
        if (heading)
            heading->show();
    }
    m_table->setVisible(anything);
    m_copyPin->setVisible(m_run.report.pin.has_value());
    m_copyReport->setVisible(m_run.report.finished);
    if (m_wasRunning && !m_run.running) {
        QAccessibleEvent alert(m_outcome, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
    m_wasRunning = m_run.running;
}

} // namespace sotto::app
