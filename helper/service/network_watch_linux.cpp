// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/network_watch.h"

#include <QSocketNotifier>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>

namespace sotto::service {

namespace {

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
            noteJump();
        armForJump(m_clock);
    });
}

} // namespace sotto::service
