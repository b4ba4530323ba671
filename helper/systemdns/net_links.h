// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace sotto::systemdns {

struct Coverage;

/// A network interface, as the kernel has it.
struct NetLink {
    int index = 0;
    QString name;
    bool up = false;
    bool loopback = false;
    bool tunnel = false; ///< tun, WireGuard or PPP: a VPN, as a rule
    bool ipv4 = false;   ///< has an address that reaches beyond the link
    bool ipv6 = false;
    QString ipv4Address; ///< the first
};

/// All of this network namespace, by index.
QList<NetLink> netLinks();

/// Enters those that are up, with an address, and not the loopback device.
void coverLinks(const QList<NetLink>& links, Coverage& coverage);

} // namespace sotto::systemdns
