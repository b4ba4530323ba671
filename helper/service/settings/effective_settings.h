// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "engine/upstream_test.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace sotto::service {

/// One upstream as the service uses it.
struct ChosenUpstream {
    engine::UpstreamConfig config;
    QString provider; ///< id in the catalog; empty for one's own upstream
    bool operator==(const ChosenUpstream&) const = default;
};

/// What may be done with the system's DNS.
struct SystemDnsSettings {
    bool manage = false; ///< where forwarding is on, the system is to ask us
    QString mechanism = QStringLiteral("auto");
    bool keepClosed = false; ///< where nobody answers any more, the system keeps asking us
    bool operator==(const SystemDnsSettings&) const = default;
};

/// Settings as typed values, ready for use.
struct EffectiveSettings {
    static constexpr int kDefaultLogEntries = 10000;

    std::vector<engine::Endpoint> listen;
    std::vector<ChosenUpstream> upstreams;
    QStringList providers;
    engine::Policy policy = engine::Policy::Fastest;
    engine::ForwardConfig forward; ///< without the salt
    std::vector<engine::Route> routes;
    engine::UpstreamTestNames testNames; ///< what a test of a provider asks for
    unsigned workers = 1;
    bool browserCanary = true;
    engine::CacheConfig cache;
    bool cacheSnapshot = false; ///< the cache is kept on disk over a restart
    int logEntries = kDefaultLogEntries;
    SystemDnsSettings system;
    bool enabled = true;

    engine::EngineConfig engineConfig() const;
};

QString policyText(engine::Policy policy);

/// Whether both are the same server, whatever certificates and pins are asked for.
bool isSameServer(const engine::UpstreamConfig& a, const engine::UpstreamConfig& b);

} // namespace sotto::service
