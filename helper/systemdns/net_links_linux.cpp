// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/net_links.h"

#include "systemdns/mechanism.h"

#include <QMap>

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>

namespace sotto::systemdns {

namespace {

bool isTunnel(unsigned hardware) {
    return hardware == ARPHRD_NONE || hardware == ARPHRD_PPP;
}

void enter(const ifaddrs& entry, NetLink& link) {
    const int family = entry.ifa_addr ? entry.ifa_addr->sa_family : AF_UNSPEC;
    if (family == AF_PACKET) {
        const auto* packet = reinterpret_cast<const sockaddr_ll*>(entry.ifa_addr);
        link.index = packet->sll_ifindex;
        link.tunnel = isTunnel(packet->sll_hatype);
    } else if (family == AF_INET) {
        const auto* address = reinterpret_cast<const sockaddr_in*>(entry.ifa_addr);
        std::array<char, INET_ADDRSTRLEN> text{};
        ::inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size());
        link.ipv4 = true;
        if (link.ipv4Address.isEmpty())
            link.ipv4Address = QLatin1String(text.data());
    } else if (family == AF_INET6) {
        const auto* address = reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr);
        link.ipv6 = link.ipv6 || !IN6_IS_ADDR_LINKLOCAL(&address->sin6_addr);
    }
}

} // namespace

QList<NetLink> netLinks() {
    ifaddrs* entries = nullptr;
    if (::getifaddrs(&entries) != 0)
        return {};
    QMap<QString, NetLink> byName;
    for (const ifaddrs* entry = entries; entry; entry = entry->ifa_next) {
        // An address may bear a label ("eth0:1") in place of the interface's name.
        const QString name =
            QString::fromLocal8Bit(entry->ifa_name).section(QLatin1Char(':'), 0, 0);
        NetLink& link = byName[name];
        link.name = name;
        link.up = (entry->ifa_flags & IFF_UP) != 0 && (entry->ifa_flags & IFF_RUNNING) != 0;
        link.loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
        enter(*entry, link);
    }
    ::freeifaddrs(entries);
    QList<NetLink> links = byName.values();
    std::sort(links.begin(), links.end(),
              [](const NetLink& a, const NetLink& b) { return a.index < b.index; });
    return links;
}

void coverLinks(const QList<NetLink>& links, Coverage& coverage) {
    for (const NetLink& link : links) {
        if (!link.up || link.loopback || !(link.ipv4 || link.ipv6))
            continue;
        coverage.interfaces << link.name;
        coverage.ipv4 = coverage.ipv4 || link.ipv4;
        coverage.ipv6 = coverage.ipv6 || link.ipv6;
    }
}

} // namespace sotto::systemdns
