// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream_set.h"

#include "upstream/registrable_domain.h"

#include <algorithm>

namespace sotto::engine {

UpstreamSet::UpstreamSet(List upstreams, Policy policy, const ForwardConfig& forward)
    : m_upstreams(std::move(upstreams))
    , m_forward(forward)
    , m_policy(policy)
    , m_hedges(forward.raceShare) {}

UpstreamSet::Order UpstreamSet::order(Bytes name) {
    Order order;
    if (m_upstreams.size() == 1) {
        order.count = 1;
        return order;
    }
    m_candidates.clear();
    for (const auto& upstream : m_upstreams)
        m_candidates.push_back(
            {upstream->isFailing(), upstream->smoothedRttMicros(), upstream->identity()});
    const std::uint64_t hash =
        m_policy.policy() == Policy::Hashed ? hashOfRegistrableDomain(name, m_forward.salt) : 0;
    m_policy.order(m_candidates, hash, m_order);
    order.count = static_cast<std::uint8_t>(std::min(m_order.size(), Order::kMax));
    for (std::size_t i = 0; i < order.count; ++i)
        order.at[i] = static_cast<std::uint8_t>(m_order[i]);
    return order;
}

void UpstreamSet::probeDue() {
    const bool isUrgent = allDown();
    for (const auto& upstream : m_upstreams)
        upstream->probeIfDue(isUrgent);
}

bool UpstreamSet::allDown() const {
    return std::all_of(m_upstreams.begin(), m_upstreams.end(),
                       [](const auto& upstream) { return upstream->isDown(); });
}

std::int64_t UpstreamSet::hedgeDelay(const Upstream& first) {
    if (m_policy.policy() != Policy::Race)
        return 0;
    m_hedges.noteQuery();
    return HedgeBudget::delayMicros(first.medianRttMicros());
}

} // namespace sotto::engine
