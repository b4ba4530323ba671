// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_live.h"

#include <algorithm>

namespace sotto::app {

namespace {

using protocol::Upstream;
using protocol::UpstreamState;

ProviderLive sumUp(const QList<Upstream>& servers) {
    ProviderLive live;
    live.inUse = !servers.isEmpty();
    live.servers = static_cast<int>(servers.size());
    bool ready = false;
    bool connecting = false;
    for (const Upstream& server : servers) {
        ready |= server.state == UpstreamState::Ready;
        connecting |= server.state == UpstreamState::Connecting;
        if (server.state == UpstreamState::Failing) {
            ++live.failing;
            live.lastError = server.lastError;
        } else if (server.rttMillis > 0 &&
                   (live.rttMillis <= 0 || server.rttMillis < live.rttMillis)) {
            live.rttMillis = server.rttMillis;
        }
        if (live.tlsVersion.isEmpty())
            live.tlsVersion = server.tlsVersion;
    }
    if (ready)
        live.state = UpstreamState::Ready;
    else if (connecting)
        live.state = UpstreamState::Connecting;
    else if (live.inUse && live.failing == live.servers)
        live.state = UpstreamState::Failing;
    return live;
}

} // namespace

ProviderLive providerLive(const QList<Upstream>& upstreams, const QString& providerId) {
    QList<Upstream> servers;
    std::copy_if(upstreams.begin(), upstreams.end(), std::back_inserter(servers),
                 [&](const Upstream& upstream) { return upstream.provider == providerId; });
    return sumUp(servers);
}

QList<UpstreamRow> upstreamRows(const QList<Upstream>& upstreams) {
    QList<UpstreamRow> rows;
    QStringList seen;
    for (const Upstream& upstream : upstreams) {
        if (upstream.provider.isEmpty()) {
            rows.append({upstream.label, sumUp({upstream})});
        } else if (!seen.contains(upstream.provider)) {
            seen.append(upstream.provider);
            rows.append({upstream.label, providerLive(upstreams, upstream.provider)});
        }
    }
    return rows;
}

} // namespace sotto::app
