// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// How people start a service that does not run.
namespace sotto::protocol {

/// For the service that is installed, by this computer's service manager: "systemctl start sottod",
/// "rc-service sottod start", "sv up sottod"; empty where none is installed. root: ahead of every
/// path, for tests.
QString installedStartCommand(const QString& root = {});

/// For one of one's own, at the socket or, where that is empty, where it listens by default. Works
/// as it is in a shell.
QString ownStartCommand(const QString& socketPath = {});

} // namespace sotto::protocol
