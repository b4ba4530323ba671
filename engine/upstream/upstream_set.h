// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/choice_policy.h"
#include "upstream/hedge.h"
#include "upstream/upstream.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace sotto::engine {

/// Upstreams that answer for the same names, and the order in which a query tries them. Resolver
/// thread only.
class UpstreamSet {
public:
    using List = std::vector<std::shared_ptr<Upstream>>;

    /// Some of upstreams(), the first to be asked first.
    struct Order {
        static constexpr std::size_t kMax = 16;
        std::array<std::uint8_t, kMax> at{};
        std::uint8_t count = 0;
    };

    UpstreamSet(List upstreams, Policy policy, const ForwardConfig& forward);

    /// In which order upstreams() are tried for one query.
    Order order(Bytes name);
    /// Health checks of what is down and due.
    void probeDue();
    bool allDown() const;

    /// Policy::Race: a query begins; when a second upstream shall be asked beside the first, in
    /// microseconds from now; 0: not at all.
    std::int64_t hedgeDelay(const Upstream& first);
    /// Whether that second query may leave.
    bool takeHedge() { return m_hedges.take(); }

    const List& upstreams() const { return m_upstreams; }
    const ForwardConfig& forward() const { return m_forward; }

private:
    List m_upstreams;
    ForwardConfig m_forward;
    ChoicePolicy m_policy;
    HedgeBudget m_hedges;
    std::vector<Candidate> m_candidates; ///< kept for their room
    std::vector<std::size_t> m_order;
};

} // namespace sotto::engine
