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

bool isAny(const engine::IpAddress& address) {
    return address == engine::IpAddress{{}, address.isV6};
}

/// Whether what is sent there comes to an address that Sotto listens on.
bool isSotto(const engine::Endpoint& server, const std::vector<engine::Endpoint>& listen) {
    const engine::IpAddress to = server.address.unmapped();
    return std::ranges::any_of(listen, [&](const engine::Endpoint& endpoint) {
        const engine::IpAddress own = endpoint.address.unmapped();
        if (endpoint.port != server.port || own.isV6 != to.isV6)
            return false;
        // The system takes the address of all interfaces for a loopback one.
        return own == to || (isAny(own) && to.isLoopback()) || (isAny(to) && own.isLoopback());
    });
}

Contradiction askedInALoop(const QString& key, qsizetype index, const engine::Endpoint& server) {
    return {QStringLiteral("%1[%2]").arg(key).arg(index), QStringLiteral("listen"),
            QStringLiteral("%1 is this Sotto itself, which would ask itself for ever")
                .arg(QString::fromStdString(server.toString()))};
}

std::optional<Contradiction> loopIn(const EffectiveSettings& settings) {
    const auto& bootstrap = settings.forward.bootstrap;
    for (std::size_t i = 0; i < bootstrap.size(); ++i) {
        if (isSotto(bootstrap[i], settings.listen))
            return askedInALoop(QStringLiteral("forward.bootstrap"), static_cast<qsizetype>(i),
                                bootstrap[i]);
    }
    for (std::size_t i = 0; i < settings.routes.size(); ++i) {
        const auto& servers = settings.routes[i].upstreams;
        for (std::size_t j = 0; j < servers.size(); ++j) {
            for (const engine::IpAddress& address : servers[j].addresses) {
                const engine::Endpoint server{address, servers[j].port};
                if (!servers[j].isEncrypted() && isSotto(server, settings.listen))
                    return askedInALoop(QStringLiteral("route[%1].upstreams").arg(i),
                                        static_cast<qsizetype>(j), server);
            }
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Contradiction> contradictionIn(const EffectiveSettings& settings) {
    const engine::CacheConfig& cache = settings.cache;
    if (auto found = floorAboveCap("success", cache.positiveTtlFloor, cache.positiveTtlCap))
        return found;
    if (auto found = floorAboveCap("denial", cache.negativeTtlFloor, cache.negativeTtlCap))
        return found;
    if (auto found = endsBeforeIdle(settings.forward))
        return found;
    return loopIn(settings);
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
