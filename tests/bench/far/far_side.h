// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "far/dot_provider.h"
#include "far/far_network.h"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sotto::bench {

/// Two providers behind a delaying link.
class FarSide {
public:
    static constexpr auto kRoundTrip = std::chrono::milliseconds(20);

    /// As FarNetwork::create().
    [[nodiscard]] bool create(std::string& error) { return m_network.create(error); }
    /// Lets the providers serve, and measures the way to them.
    void start(test::Identity identity);

    FarNetwork& network() { return m_network; }
    DotProvider& provider(std::size_t index) { return *m_providers.at(index); }
    static constexpr std::size_t kProviders = 2;

    /// Everything as it was at the beginning, whatever was done to it.
    void mend();
    /// Queries that came to either.
    std::uint64_t queries() const;

    /// How long connecting to a provider takes, in ms, sorted: what the link makes of kRoundTrip.
    const std::vector<double>& roundTrips() const { return m_roundTrips; }

private:
    FarNetwork m_network;
    test::Identity m_identity;
    std::array<std::unique_ptr<DotProvider>, kProviders> m_providers;
    std::vector<double> m_roundTrips;
};

} // namespace sotto::bench
