// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/interfaces.h"

#include <arpa/inet.h>
#include <array>
#include <ifaddrs.h>
#include <map>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace sotto::systemdns {

namespace {

void addAddress(NetworkInterface& interface, const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        interface.ipv4 << QLatin1String(text.data());
    } else if (address.sa_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        if (IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr)) {
            interface.hasLinkLocal = true;
            return;
        }
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
        interface.ipv6 << QLatin1String(text.data());
    }
}

} // namespace

QList<NetworkInterface> interfacesUp() {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0)
        return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
    std::map<QString, NetworkInterface> byName;
    for (const ifaddrs* entry = first; entry; entry = entry->ifa_next) {
        const bool counts = (entry->ifa_flags & IFF_UP) != 0 &&
                            (entry->ifa_flags & IFF_LOOPBACK) == 0 && entry->ifa_addr;
        if (!counts)
            continue;
        const QString name = QString::fromLocal8Bit(entry->ifa_name);
        NetworkInterface& interface = byName[name];
        interface.name = name;
        interface.isPointToPoint = (entry->ifa_flags & IFF_POINTOPOINT) != 0;
        addAddress(interface, *entry->ifa_addr);
    }
    QList<NetworkInterface> interfaces;
    for (const auto& [name, interface] : byName)
        interfaces << interface;
    return interfaces;
}

} // namespace sotto::systemdns
