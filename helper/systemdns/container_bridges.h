// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"
#include "systemdns/net_links.h"

namespace sotto::systemdns {

/// Says of container engines of this computer whom their containers ask: not the target, because
/// a loopback address of the computer is none of theirs. Shared by all mechanisms.
///
/// Docker drops loopback servers from what it copies to containers of its default bridge, and
/// gives them public ones where none is left (moby, libnetwork/internal/resolvconf); Podman does
/// likewise (containers-common, libnetwork/resolvconf). Docker's other networks ask its own
/// resolver, which asks the computer's servers from the computer's network, and so the target.
QList<Exception> containerExceptions(const QString& root, const QList<NetLink>& links);

} // namespace sotto::systemdns
