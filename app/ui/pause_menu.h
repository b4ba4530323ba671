// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"

class QMenu;

namespace sotto::app {

/// Adds one action for each length of a pause, named prefix and "FiveMinutes", "OneHour",
/// "UntilTomorrow", "UntilRestart"; choosing one pauses.
void addPauseActions(QMenu& menu, const QString& prefix, ServiceConnection& connection);

} // namespace sotto::app
