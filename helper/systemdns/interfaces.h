// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"

namespace sotto::systemdns {

/// A network interface that is up.
struct NetworkInterface {
    QString name;
    QStringList ipv4; ///< its addresses
    QStringList ipv6; ///< without zones; those of the link are left out
    bool hasLinkLocal = false;
    bool isPointToPoint = false; ///< as tunnels are
};

/// Those of this computer that are up, loopback not among them, by name.
QList<NetworkInterface> interfacesUp();

/// Interfaces and families of a coverage; of the exceptions: tunnels, whose own servers nobody
/// asks any more. Pure.
Coverage coverageOf(const QList<NetworkInterface>& interfaces);

} // namespace sotto::systemdns
