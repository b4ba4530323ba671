// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"
#include "systemdns/net_links.h"

namespace sotto::systemdns {

/// Says of container engines of this computer whom their containers ask, where that is not the
/// target: a loopback address of the computer is none of theirs. Shared by all mechanisms.
///
/// Docker drops loopback servers from what it copies to containers of its default bridge, and
/// gives them public ones where none is left (moby, libnetwork/internal/resolvconf); Podman does
/// likewise (containers-common, libnetwork/resolvconf). Docker's other networks ask its own
/// resolver, which asks the computer's servers from the computer's network, and so the target.
///
/// Docker's containers do ask the target where who listens there listens at the bridge as well, and
/// Docker's own settings name that address: of the two, what is missing is told.
QList<Exception> containerExceptions(const QString& root, const QList<NetLink>& links,
                                     const Target& target);

/// The settings that this depends on, from the root on.
QString dockerSettingsPath();

} // namespace sotto::systemdns
