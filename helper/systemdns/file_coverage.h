// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"
#include "systemdns/net_links.h"

namespace sotto::systemdns {

/// Programs that read no /etc/resolv.conf of this computer, or not that one: by nsswitch.conf(5),
/// in network namespaces, in containers.
QList<Exception> readerExceptions(const QString& root, const Target& target,
                                  const QList<NetLink>& links);

/// The coverage of a mechanism by which programs come to the target through /etc/resolv.conf.
Coverage fileCoverage(const QString& root, const Target& target);

/// Tunnels that are up: their own servers are not asked. Pure.
QList<Exception> tunnelExceptions(const QList<NetLink>& links);

/// What the hosts line of an nsswitch.conf(5) has instead of look-ups by that file.
/// systemd-resolved is no exception where it asks the target itself. Pure.
QList<Exception> nameSwitchExceptions(const QByteArray& nsswitch, bool resolvedAsksOthers);

/// The same of this computer's own, whose systemd-resolved asks the target.
QList<Exception> nameSwitchExceptions(const QString& root);

} // namespace sotto::systemdns
