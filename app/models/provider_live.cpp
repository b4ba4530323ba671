// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_live.h"

#include "core/texts.h"
#include "core/upstream_text.h"

#include <algorithm>

namespace sotto::app {

using protocol::Upstream;

ProviderLive liveOf(const Upstream& upstream) {
    ProviderLive live;
    live.inUse = true;
    live.state = upstream.state;
    live.rttMillis = upstream.rttMillis;
    live.medianMillis = upstream.medianRttMillis;
    live.error = upstreamErrorText(upstream);
    live.serviceError = upstream.lastError;
    live.warning = upstreamWarningText(upstream, QDateTime::currentDateTime());
    live.tlsVersion = upstream.tlsVersion;
    live.cipher = upstream.cipher;
    live.address = upstream.address;
    live.resumed = upstream.resumed;
    live.earlyData = upstream.earlyData;
    live.openConnections = upstream.openConnections;
    live.inFlight = upstream.inFlight;
    live.idleLimitSeconds = upstream.idleLimitSeconds;
    live.encrypted = upstream.encrypted;
    live.lookedUpUnencrypted = upstream.resolvedUnencrypted;
    live.lookedUp = upstream.resolvedAddresses;
    if (upstream.route)
        live.route = routeText(*upstream.route, upstream.routeMore);
    return live;
}

ProviderLive providerLive(const QList<Upstream>& upstreams, const QString& providerId) {
    const auto found = std::ranges::find(upstreams, providerId, &Upstream::provider);
    return found == upstreams.end() ? ProviderLive() : liveOf(*found);
}

QList<UpstreamRow> upstreamRows(const QList<Upstream>& upstreams) {
    QList<UpstreamRow> rows;
    for (const Upstream& upstream : upstreams)
        rows.append({upstream.label, liveOf(upstream)});
    std::stable_partition(rows.begin(), rows.end(),
                          [](const UpstreamRow& row) { return row.live.route.isEmpty(); });
    return rows;
}

} // namespace sotto::app
