// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>

namespace sotto::systemdns {

/// The name servers of the newest lease in a file of dhclient's (dhclient.leases(5)), the client
/// that writes resolv.conf and leaves no mark there. Pure.
QStringList leasedServers(const QByteArray& octets);

/// The servers of dhclient's newest leases below a root, for each file.
QList<QStringList> newestLeases(const QString& root);

} // namespace sotto::systemdns
