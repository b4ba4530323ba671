// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/snapshot_origin.h"

#include <openssl/sha.h>

#include <string_view>

namespace sotto::engine {

std::string keepingRules(const EngineConfig& config) {
    const CacheConfig& cache = config.cache;
    std::string text = config.browserCanary ? "canary" : "";
    const auto add = [&](std::string_view part) { (text += '\0') += part; };
    for (const auto& ttl : {cache.positiveTtlCap, cache.negativeTtlCap, cache.positiveTtlFloor,
                            cache.negativeTtlFloor})
        add(std::to_string(ttl.count()));
    for (const auto* zones : {&cache.zones, &cache.positiveDisabled, &cache.negativeDisabled}) {
        add("zones");
        for (const std::string& zone : *zones)
            add(zone);
    }
    return text;
}

SnapshotOrigin snapshotOrigin(const EngineConfig& config) {
    std::string text = keepingRules(config);
    const auto add = [&](std::string_view part) { (text += '\0') += part; };
    const auto addAll = [&](const std::vector<UpstreamConfig>& upstreams) {
        for (const UpstreamConfig& upstream : upstreams) {
            add(upstream.toString());
            add(upstream.caPem);
            for (const std::string& pin : upstream.pins)
                add(pin);
        }
    };
    addAll(config.upstreams);
    for (const Route& route : config.routes) {
        add("route");
        for (const auto* zones : {&route.zones, &route.except}) {
            for (const std::string& zone : *zones)
                add(zone);
        }
        addAll(route.upstreams);
    }
    SnapshotOrigin origin{};
    SHA256(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), origin.data());
    return origin;
}

} // namespace sotto::engine
