// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"

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

/// Settings as typed values, ready for use.
struct EffectiveSettings {
    static constexpr int kDefaultLogEntries = 10000;

    std::vector<engine::Endpoint> listen;
    std::vector<ChosenUpstream> upstreams;
    QStringList providers;
    engine::Policy policy = engine::Policy::Fastest;
    unsigned workers = 1;
    bool browserCanary = true;
    engine::CacheConfig cache;
    bool cacheSnapshot = false; ///< the cache is kept on disk over a restart
    int logEntries = kDefaultLogEntries;
    bool enabled = true;

    engine::EngineConfig engineConfig() const;

    bool operator==(const EffectiveSettings&) const = default;
};

QString policyText(engine::Policy policy);

} // namespace sotto::service
