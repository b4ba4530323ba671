// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/effective_settings.h"

namespace sotto::service {

engine::EngineConfig EffectiveSettings::engineConfig() const {
    engine::EngineConfig config;
    config.listen = listen;
    config.upstreams.reserve(upstreams.size());
    for (const ChosenUpstream& upstream : upstreams)
        config.upstreams.push_back(upstream.config);
    config.policy = policy;
    config.forward = forward;
    config.routes = routes;
    config.cache = cache;
    config.workers = workers;
    config.forwarding = enabled;
    config.browserCanary = browserCanary;
    config.recordQueries = logEntries > 0;
    return config;
}

QString policyText(engine::Policy policy) {
    switch (policy) {
    case engine::Policy::Sequential:
        return QStringLiteral("sequential");
    case engine::Policy::RoundRobin:
        return QStringLiteral("round_robin");
    case engine::Policy::Random:
        return QStringLiteral("random");
    case engine::Policy::Fastest:
        return QStringLiteral("fastest");
    case engine::Policy::Race:
        return QStringLiteral("race");
    case engine::Policy::Hashed:
        return QStringLiteral("hashed");
    }
    Q_UNREACHABLE();
}

bool isSameServer(const engine::UpstreamConfig& a, const engine::UpstreamConfig& b) {
    return a.protocol == b.protocol && a.addresses == b.addresses && a.port == b.port &&
           a.tlsName == b.tlsName;
}

} // namespace sotto::service
