// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/delay_link.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <ctime>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMtu = 1500;
constexpr std::size_t kOnTheWay = 8192;
constexpr int kBurst = 64; // read in one go, so that what is due is not kept waiting
constexpr std::size_t kHeader = 20;
// Where an IPv4 header has the last octet of its addresses.
constexpr std::size_t kSourceEnd = 15;
constexpr std::size_t kDestinationEnd = 19;

class Direction {
public:
    Direction(int from, int to, std::size_t farAddressEnd)
        : m_from(from)
        , m_to(to)
        , m_farAddressEnd(farAddressEnd)
        , m_packets(kOnTheWay) {}

    /// Takes in what waits at the entrance.
    void take(LinkControl& control) {
        const auto due = Clock::now() + std::chrono::nanoseconds(control.oneWayNanos);
        for (int i = 0; i < kBurst; ++i) {
            Packet& packet = m_packets[m_last % kOnTheWay];
            const auto octets = ::read(m_from, packet.octets.data(), kMtu);
            if (octets <= 0)
                return;
            if (m_last - m_first == kOnTheWay - 1)
                ++control.overruns;
            else if (passes(packet, static_cast<std::size_t>(octets), control.cut)) {
                packet.length = static_cast<std::size_t>(octets);
                packet.due = due;
                ++m_last;
            }
        }
    }

    /// Lets out what has been on its way long enough.
    void give(Clock::time_point now) {
        for (; m_first != m_last && m_packets[m_first % kOnTheWay].due <= now; ++m_first) {
            const Packet& packet = m_packets[m_first % kOnTheWay];
            // A device that is down loses it, as a wire would.
            [[maybe_unused]] const auto written =
                ::write(m_to, packet.octets.data(), packet.length);
        }
    }

    std::optional<Clock::time_point> nextDue() const {
        if (m_first == m_last)
            return std::nullopt;
        return m_packets[m_first % kOnTheWay].due;
    }

private:
    struct Packet {
        Clock::time_point due;
        std::size_t length = 0;
        std::array<unsigned char, kMtu> octets;
    };

    bool passes(const Packet& packet, std::size_t length, std::uint32_t cut) const {
        const unsigned end = packet.octets[m_farAddressEnd];
        return length >= kHeader && packet.octets[0] >> 4 == 4 &&
               (end >= 32 || (cut >> end & 1) == 0);
    }

    int m_from;
    int m_to;
    std::size_t m_farAddressEnd;
    std::vector<Packet> m_packets;
    std::size_t m_first = 0;
    std::size_t m_last = 0;
};

timespec timeUntil(Clock::time_point due) {
    const auto wait = std::max(due - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    return {seconds.count(), std::chrono::nanoseconds(wait - seconds).count()};
}

void relay(int nearDevice, int farDevice, LinkControl& control) {
    ::prctl(PR_SET_TIMERSLACK, 1);
    const sched_param first{1};
    ::sched_setscheduler(0, SCHED_FIFO, &first);
    Direction out(nearDevice, farDevice, kDestinationEnd);
    Direction in(farDevice, nearDevice, kSourceEnd);
    std::array<pollfd, 2> devices{{{nearDevice, POLLIN, 0}, {farDevice, POLLIN, 0}}};
    for (;;) {
        auto due = out.nextDue();
        if (const auto other = in.nextDue(); other && (!due || *other < *due))
            due = other;
        timespec wait{};
        if (due)
            wait = timeUntil(*due);
        ::ppoll(devices.data(), devices.size(), due ? &wait : nullptr, nullptr);
        if (devices[0].revents)
            out.take(control);
        if (devices[1].revents)
            in.take(control);
        const auto now = Clock::now();
        out.give(now);
        in.give(now);
    }
}

} // namespace

DelayLink::DelayLink(int nearDevice, int farDevice)
    : m_relay([this, nearDevice, farDevice] { relay(nearDevice, farDevice, *m_control); }) {}

} // namespace sotto::bench
