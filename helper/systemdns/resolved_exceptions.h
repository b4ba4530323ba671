// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/net_links.h"
#include "systemdns/resolved_bus.h"

namespace sotto::systemdns {

/// What systemd-resolved asks at the servers of single links while the target is the whole system's
/// for every name: a link's own domains go to its servers, being longer; where a link has "~." too,
/// both are asked; the other servers of links are not asked any more.
///
/// links: those that are asked at all. Servers that are the target's are left out.
QList<Exception> resolvedExceptions(const QList<NetLink>& links,
                                    const QList<ResolvedServer>& servers,
                                    const QList<ResolvedDomain>& domains, const Target& target);

} // namespace sotto::systemdns
