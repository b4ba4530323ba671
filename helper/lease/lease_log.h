// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::lease {

/// Writes one line to standard error, where the service's supervisor keeps it. Never give it a name
/// that somebody looked up.
void logLine(const QString& text);

} // namespace sotto::lease
