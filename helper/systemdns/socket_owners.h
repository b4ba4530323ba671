// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/target.h"

namespace sotto::systemdns {

/// Whether the user whose program listens at the target has a UDP socket at that IPv4 address on
/// DNS's port as well, or at all addresses. False where that cannot be seen.
bool listensAlsoAt(const QString& root, const Target& target, const QString& address);

} // namespace sotto::systemdns
