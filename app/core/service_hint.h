// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::app {

/// The command that starts the service: by the service manager where it is installed, else by hand.
/// A socket that was given to the application, and is not the system's, is passed on. root: ahead
/// of every path, for tests.
QString startCommand(const QString& givenSocket, const QString& root = {});

} // namespace sotto::app
