// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_policy.h"

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::chrono::seconds kNegativeWithoutSoa{5};
constexpr std::chrono::seconds kLongestTtl{604800}; // RFC 8767 §4: a week

} // namespace

std::chrono::seconds ttlCap(const UpstreamResponse& response, const CacheConfig& config) {
    if (response.rcode == rcode::kNoError && response.positive)
        return std::min(config.positiveTtlCap, kLongestTtl);
    return std::min(config.negativeTtlCap, kLongestTtl);
}

std::chrono::seconds cacheLifetime(const UpstreamResponse& response, const CacheConfig& config) {
    switch (response.rcode) {
    case rcode::kNoError:
    case rcode::kNxDomain:
        break;
    case rcode::kServFail:
    case rcode::kRefused:
    case rcode::kNotImp:
    case rcode::kFormErr:
        return config.failureTtl;
    default:
        return std::chrono::seconds::zero();
    }

    std::chrono::seconds lifetime = ttlCap(response, config);
    if (!response.ttlOffsets.empty())
        lifetime = std::min(lifetime, std::chrono::seconds(response.smallestTtl));
    if (response.rcode == rcode::kNxDomain || !response.positive)
        lifetime = std::min(lifetime, response.hasSoa ? std::chrono::seconds(response.negativeTtl)
                                                      : kNegativeWithoutSoa);
    return lifetime;
}

void capTtls(UpstreamResponse& response, std::chrono::seconds cap) {
    const auto limit = static_cast<std::uint32_t>(cap.count());
    for (const std::uint16_t offset : response.ttlOffsets) {
        if (load32(&response.wire[offset]) > limit)
            store32(&response.wire[offset], limit);
    }
}

} // namespace sotto::engine
