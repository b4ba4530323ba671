// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/network_manager_bus.h"
#include "systemdns/target.h"

namespace sotto::systemdns {

/// NetworkManager's global DNS configuration, which hides that of every connection:
/// {"searches": as, "options": as, "domains": {"*": {"servers": as}}} (NetworkManager.conf(5),
/// GLOBAL-DNS SECTION).

/// A domain beside "*", by which a configuration shows that it is Sotto's. Its names never leave
/// sottod anyway.
inline constexpr auto kSottosDomain = "check.sotto.internal";

/// The configuration that sends all names to the target. It keeps the search domains and options of
/// the earlier global one; where there was none, those of the connections, since it hides them.
QVariantMap globalDnsFor(const Target& target, const QVariantMap& earlier,
                         const QList<ConnectionDns>& connections);

/// Where all names go, and they to nobody else, in a configuration of Sotto's; without addresses
/// where it is none.
Target targetOf(const QVariantMap& global);

/// Whether all names go to the target and to nobody else.
bool leadsTo(const QVariantMap& global, const Target& target);

} // namespace sotto::systemdns
