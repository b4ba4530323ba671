// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace sotto::protocol {

/// Where a service that runs as this user listens by default: for root and system users
/// /run/sotto/sottod.sock, for a plain user $XDG_RUNTIME_DIR/sotto/sottod.sock.
QString defaultServiceSocketPath();

/// Where a client looks when it is not told: the system's service first, then the user's own.
/// Gives the first that exists, else the first.
QString defaultClientSocketPath();

} // namespace sotto::protocol
