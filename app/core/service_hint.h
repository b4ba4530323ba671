// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace sotto::app {

/// The command that starts the service: by its systemd unit where one is installed in one of
/// unitFolders, else by hand. A socket that was given to the application is passed on. The command
/// works as it is in a shell; without a socket both sides use the same default.
QString startCommand(const QStringList& unitFolders, const QString& givenSocket);

/// Where systemd looks for units of the system.
QStringList systemUnitFolders();

} // namespace sotto::app
