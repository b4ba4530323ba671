// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/contradictions.h"

#include "service/settings/setting_text.h"

#include <algorithm>

namespace sotto::service {

namespace {

std::optional<Contradiction> floorAboveCap(const char* group, std::chrono::seconds floor,
                                           std::chrono::seconds cap) {
    if (floor <= cap)
        return std::nullopt;
    const QString prefix = QStringLiteral("cache.%1.").arg(QLatin1String(group));
    Contradiction found{prefix + QLatin1String("min_ttl"), prefix + QLatin1String("ttl"), {}};
    found.reason = QStringLiteral("%1 is longer than %2 (%3)")
                       .arg(durationText(floor), found.other, durationText(cap));
    return found;
}

std::optional<Contradiction> endsBeforeIdle(const engine::ForwardConfig& forward) {
    if (forward.maxAge.count() == 0 || forward.maxAge >= forward.expire)
        return std::nullopt;
    Contradiction found{QStringLiteral("forward.max_age"), QStringLiteral("forward.expire"), {}};
    found.reason =
        QStringLiteral("%1 is shorter than %2 (%3)")
            .arg(durationText(forward.maxAge), found.other, durationText(forward.expire));
    return found;
}

} // namespace

std::optional<Contradiction> contradictionIn(const EffectiveSettings& settings) {
    const engine::CacheConfig& cache = settings.cache;
    if (auto found = floorAboveCap("success", cache.positiveTtlFloor, cache.positiveTtlCap))
        return found;
    if (auto found = floorAboveCap("denial", cache.negativeTtlFloor, cache.negativeTtlCap))
        return found;
    return endsBeforeIdle(settings.forward);
}

std::optional<Contradiction> unknownAddressIn(const EffectiveSettings& settings) {
    const auto hasAddress = [](const ChosenUpstream& upstream) {
        return !upstream.config.addresses.empty();
    };
    if (!settings.forward.bootstrap.empty() || std::ranges::any_of(settings.upstreams, hasAddress))
        return std::nullopt;
    const auto unknown = [](const engine::UpstreamConfig& config, const char* key) {
        return Contradiction{QLatin1String(key),
                             {},
                             QStringLiteral("nobody can look up the address of %1: give it as "
                                            "\"addresses\", add an upstream that has one, or set "
                                            "forward.bootstrap (in clear text)")
                                 .arg(QString::fromStdString(config.tlsName))};
    };
    if (!settings.upstreams.empty())
        return unknown(settings.upstreams.front().config, "upstreams");
    for (const engine::Route& route : settings.routes) {
        for (const engine::UpstreamConfig& config : route.upstreams) {
            if (config.addresses.empty())
                return unknown(config, "route");
        }
    }
    return std::nullopt;
}

} // namespace sotto::service
