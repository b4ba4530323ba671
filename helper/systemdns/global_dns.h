// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/network_manager_bus.h"
#include "systemdns/target.h"

namespace sotto::systemdns {

/// NetworkManager's global DNS configuration, which hides that of every connection:
/// {"searches": as, "options": as, "domains": {"*": {"servers": as}}} (NetworkManager.conf(5),
/// GLOBAL-DNS SECTION).

/// The configuration that sends all names to the target. It keeps the search domains and options of
/// the earlier global one; where there was none, those of the connections, since it hides them.
QVariantMap globalDnsFor(const Target& target, const QVariantMap& earlier,
                         const QList<ConnectionDns>& connections);

/// Where all names go, and they to nobody else, with nothing said but that; without addresses where
/// it is not so.
Target targetOf(const QVariantMap& global);

/// Whether all names go to the target and to nobody else.
bool leadsTo(const QVariantMap& global, const Target& target);

} // namespace sotto::systemdns
