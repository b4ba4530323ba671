// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QDateTime>
#include <QString>

namespace sotto::cli {

/// "on, queries are encrypted", "off: every query is refused", "paused until 15:30:00, 4 min left";
/// and whether queries are answered nevertheless. Pure.
QString switchText(const protocol::Status& status, const QDateTime& now);

} // namespace sotto::cli
