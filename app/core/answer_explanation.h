// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QString>

namespace sotto::app {

/// Why a query got the answer it got, in a few sentences of plain text. Pure. Names in it are as
/// the service gave them: the text must be shown as plain text.
QString answerExplanation(const protocol::LogEntry& entry);

} // namespace sotto::app
