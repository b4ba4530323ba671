// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/network_watch.h"

#include <QByteArrayList>
#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace sotto::network {

namespace {

bool isLinkLocal(const in_addr& address) {
    constexpr std::uint32_t kNet = 0xa9fe0000; // 169.254.0.0/16, RFC 3927
    return (ntohl(address.s_addr) & 0xffff0000) == kNet;
}

/// Nothing where it is none that could be sent from.
std::optional<QByteArray> sendingAddress(const ifaddrs& entry) {
    constexpr unsigned kInUse = IFF_UP | IFF_RUNNING;
    if ((entry.ifa_flags & kInUse) != kInUse || (entry.ifa_flags & IFF_LOOPBACK) != 0 ||
        !entry.ifa_addr)
        return std::nullopt;
    const void* octets = nullptr;
    const int family = entry.ifa_addr->sa_family;
    if (family == AF_INET) {
        const auto& address = reinterpret_cast<const sockaddr_in*>(entry.ifa_addr)->sin_addr;
        octets = isLinkLocal(address) ? nullptr : &address;
    } else if (family == AF_INET6) {
        const auto& address = reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr)->sin6_addr;
        octets = IN6_IS_ADDR_LINKLOCAL(&address) ? nullptr : &address;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (!octets || !::inet_ntop(family, octets, text.data(), text.size()))
        return std::nullopt;
    return QByteArray(entry.ifa_name) + ' ' + text.data();
}

/// A timer that never rings, but ends when the wall clock jumps, as it does when the computer
/// wakes up (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET).
void armForJump(int clock) {
    itimerspec never{};
    never.it_value.tv_sec = std::numeric_limits<time_t>::max();
    timerfd_settime(clock, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

} // namespace

NetworkWatch::~NetworkWatch() {
    for (const int descriptor : {m_news, m_clock}) {
        if (descriptor >= 0)
            ::close(descriptor);
    }
}

void NetworkWatch::watchSystem() {
    m_news = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    sockaddr_nl groups{};
    groups.nl_family = AF_NETLINK;
    groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (m_news >= 0 &&
        ::bind(m_news, reinterpret_cast<const sockaddr*>(&groups), sizeof groups) == 0) {
        auto* notifier = new QSocketNotifier(m_news, QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this, [this] {
            std::array<char, 8192> ignored; // what it says is looked up afterwards, all at once
            while (::recv(m_news, ignored.data(), ignored.size(), 0) > 0 || errno == ENOBUFS) {
            }
            noteNews();
        });
    }
    m_clock = ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (m_clock < 0)
        return;
    armForJump(m_clock);
    auto* notifier = new QSocketNotifier(m_clock, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        std::uint64_t rings = 0;
        if (::read(m_clock, &rings, sizeof rings) < 0 && errno == ECANCELED)
            noteWaking();
        armForJump(m_clock);
    });
}

QByteArray sendingAddresses() {
    ifaddrs* entries = nullptr;
    if (::getifaddrs(&entries) != 0)
        return {};
    QByteArrayList all;
    for (const ifaddrs* entry = entries; entry; entry = entry->ifa_next) {
        if (const auto address = sendingAddress(*entry))
            all += *address;
    }
    ::freeifaddrs(entries);
    std::sort(all.begin(), all.end());
    return all.join('\n');
}

} // namespace sotto::network
