// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "far/delay_link.h"

#include <chrono>
#include <memory>
#include <string>

namespace sotto::bench {

/// A second network namespace, which a delaying link joins to the one that this process is in. Its
/// addresses are of RFC 2544's range for benchmarks. Nothing of it can be seen from the machine's
/// own network.
class FarNetwork {
public:
    static constexpr const char* kAddresses[] = {"198.18.0.1", "198.18.0.2"};
    static constexpr unsigned kLastOctets[] = {1, 2};

    FarNetwork() = default;
    ~FarNetwork();
    FarNetwork(const FarNetwork&) = delete;
    FarNetwork& operator=(const FarNetwork&) = delete;

    /// To be called in a network of one's own, before any thread is started. False with a reason
    /// where namespaces or TUN devices are not to be had.
    [[nodiscard]] bool create(std::string& error);

    DelayLink& link() { return *m_link; }
    /// Takes the calling thread, or forked process, to the far side for good.
    bool enter() const;

    /// The near end of the link, as the system knows it: without it there is no way to the far
    /// side.
    static void lowerNearEnd();
    static void raiseNearEnd();

private:
    bool makeFarSide();

    int m_space = -1;
    int m_nearDevice = -1;
    int m_farDevice = -1;
    std::unique_ptr<DelayLink> m_link;
};

} // namespace sotto::bench
