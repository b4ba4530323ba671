// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>

namespace sotto::systemdns {

/// The name servers of the newest lease in a lease file: dhclient's (dhclient.leases(5)), or the
/// KEY=VALUE lines of NetworkManager's and systemd-networkd's own clients. Pure.
QStringList leasedServers(const QByteArray& octets);

/// The servers of each DHCP client's newest lease below a root.
QList<QStringList> newestLeases(const QString& root);

} // namespace sotto::systemdns
