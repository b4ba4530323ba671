// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QList>
#include <QString>

#include <optional>

namespace sotto::app {

/// Why a query got the answer it got, in a few sentences of plain text. Pure. Names in it are as
/// the service gave them: the text must be shown as plain text.
QString answerExplanation(const protocol::LogEntry& entry);

/// One thing that happened on the way to an answer. Times are milliseconds.
struct AnswerStep {
    double atMillis = 0; ///< after the query arrived
    QString text;
    std::optional<double> tookMillis;
    bool failed = false; ///< it gave no answer
};

/// What happened between a query and its answer, in the order of time: connections made, providers
/// asked, and how each try ended. Empty where nobody was asked. Pure.
QList<AnswerStep> answerSteps(const protocol::LogEntry& entry);

/// "+0 ms", "+1.8 s".
QString stepTimeText(double millis);

/// The steps as lines of plain text, for the clipboard.
QString answerStepsText(const QList<AnswerStep>& steps);

} // namespace sotto::app
