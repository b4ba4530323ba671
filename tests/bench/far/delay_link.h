// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "far/helper_process.h"
#include "far/shared.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace sotto::bench {

/// What the relay of a DelayLink is told while it works, and what it counts.
struct LinkControl {
    std::atomic<std::int64_t> oneWayNanos{0};
    /// Bit N: what goes to or comes from the far address that ends in N is dropped; N below 32.
    std::atomic<std::uint32_t> cut{0};
    std::atomic<std::uint64_t> overruns{0}; ///< packets dropped because too many were on their way
};

/// Carries IPv4 packets between two TUN devices, each for a set time, in order and as exactly as
/// the scheduler lets it: this kernel may have no netem. A process of its own, which goes first on
/// its core where the system allows that.
class DelayLink {
public:
    DelayLink(int nearDevice, int farDevice);

    void setRoundTrip(std::chrono::nanoseconds time) { m_control->oneWayNanos = time.count() / 2; }
    /// The way to the far address that ends in this octet goes silent: no packet, no error.
    void cut(unsigned lastOctet) { m_control->cut |= 1U << lastOctet; }
    void mend() { m_control->cut = 0; }
    std::uint64_t overruns() const { return m_control->overruns; }

private:
    Shared<LinkControl> m_control;
    HelperProcess m_relay;
};

} // namespace sotto::bench
