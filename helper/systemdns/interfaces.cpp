// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/interfaces.h"

#include <algorithm>
#include <array>

namespace sotto::systemdns {

namespace {

/// How VPN programs begin the names of their interfaces. Not "ppp", by which many reach the
/// internet at all.
constexpr std::array kTunnels{"tun",           "tap", "wg",   "tailscale", "nordlynx", "proton",
                              "cscotun",       "gpd", "utun", "mullvad",   "wt",       "zt",
                              "CloudflareWARP"};

bool isTunnel(const NetworkInterface& interface) {
    const bool isNamedSo = std::any_of(kTunnels.cbegin(), kTunnels.cend(), [&](const char* start) {
        return interface.name.startsWith(QLatin1String(start));
    });
    // Bridges of virtual machines have taps too, which are no way out.
    return isNamedSo &&
           (interface.isPointToPoint || !interface.name.startsWith(QLatin1String("tap")));
}

} // namespace

Coverage coverageOf(const QList<NetworkInterface>& interfaces) {
    Coverage coverage;
    for (const NetworkInterface& interface : interfaces) {
        if (interface.ipv4.isEmpty() && interface.ipv6.isEmpty() && !interface.hasLinkLocal)
            continue;
        coverage.interfaces << interface.name;
        coverage.ipv4 = coverage.ipv4 || !interface.ipv4.isEmpty();
        coverage.ipv6 = coverage.ipv6 || !interface.ipv6.isEmpty();
        if (isTunnel(interface)) {
            coverage.exceptions << Exception{
                QStringLiteral("vpn"), interface.name,
                QStringLiteral("%1 looks like a VPN: names that only its servers know are not "
                               "found, unless a route sends their zone to those servers")
                    .arg(interface.name)};
        }
    }
    return coverage;
}

} // namespace sotto::systemdns
