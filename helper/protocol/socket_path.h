// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::protocol {

/// Where the system's service listens: /run/sotto/sottod.sock.
QString systemSocketPath();

/// Where a service that runs as this user listens by default: for root and system users as the
/// system's, for a plain user $XDG_RUNTIME_DIR/sotto/sottod.sock; where that is not set, in
/// /run/user/UID, or else in $XDG_STATE_HOME.
QString defaultServiceSocketPath();

/// Where a client looks when it is not told: the system's service first, then the user's own.
/// Gives the first that exists, else the first.
QString defaultClientSocketPath();

/// The path as connecting and serving need it: a relative one is taken from the current folder. An
/// empty one stays empty.
QString absoluteSocketPath(const QString& path);

} // namespace sotto::protocol
