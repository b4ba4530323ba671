// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/answer_explanation.h"

#include <QFrame>

class QGridLayout;
class QLabel;
class QPushButton;

namespace sotto::app {

class FittedScroll;

/// Why one query was answered as it was: in words, then step by step with times. Grows with its
/// text up to a limit, then scrolls. Plain text throughout; all of it can be copied.
class QueryDetail : public QFrame {
    Q_OBJECT

public:
    explicit QueryDetail(QWidget* parent);

    void show(const protocol::LogEntry& entry);
    void showNothing(const QString& text);
    /// In device-independent pixels.
    void setTallest(int height);

private:
    void showSteps();
    QString asText() const;

    QList<AnswerStep> m_shownSteps;
    QLabel* m_name;
    QPushButton* m_copy;
    FittedScroll* m_scroll;
    QLabel* m_why;
    QWidget* m_steps;
    QGridLayout* m_grid;
    QLabel* m_facts;
};

} // namespace sotto::app
