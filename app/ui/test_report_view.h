// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/provider_tests.h"

#include <QFrame>

class QGridLayout;
class QLabel;
class QPushButton;

namespace sotto::app {

class FillBar;
class IconLabel;
struct ReportRow;

/// The last test of one provider: how far it is, what was measured beside what is claimed, and
/// what to do where it failed. Hidden while there is none. Texts change in place.
class TestReportView : public QFrame {
    Q_OBJECT

public:
    explicit TestReportView(QWidget* parent);

    /// Null: there was no test.
    void show(const ProviderTestRun* run);

private:
    struct Line {
        QLabel* section = nullptr;
        QLabel* title = nullptr;
        QLabel* value = nullptr;
        IconLabel* mark = nullptr;
        bool wide = false; ///< the value stands below the title, over the whole width
    };

    void makeLines(int count);
    void place(int index, bool wide);
    void showLine(int index, const ReportRow& row);
    void tellOutcome(const ProviderTestRun& run, const QString& verdict, bool differs);

    ProviderTestRun m_run;
    bool m_wasRunning = false;
    QLabel* m_title;
    FillBar* m_progress;
    IconLabel* m_outcomeIcon;
    QLabel* m_outcome;
    QWidget* m_table;
    QGridLayout* m_grid;
    QList<Line> m_lines;
    QPushButton* m_copyPin;
    QPushButton* m_copyReport;
};

} // namespace sotto::app
