// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QList>
#include <QString>

namespace sotto::app {

/// How a provider does at the moment, over all of its servers in use.
struct ProviderLive {
    bool inUse = false;
    protocol::UpstreamState state = protocol::UpstreamState::Idle;
    double rttMillis = 0; ///< of the quickest connected server; 0 where not known
    QString lastError;    ///< of a failing server
    QString tlsVersion;   ///< "TLSv1.3"; empty before the first connection
    int servers = 0;
    int failing = 0;

    bool operator==(const ProviderLive&) const = default;
};

/// Sums up the servers of one provider: connected when one is, failing only when all are.
ProviderLive providerLive(const QList<protocol::Upstream>& upstreams, const QString& providerId);

/// One line of the overview: a provider in use, or an own server.
struct UpstreamRow {
    QString label;
    ProviderLive live;

    bool operator==(const UpstreamRow&) const = default;
};

/// The upstreams grouped by provider, in their order.
QList<UpstreamRow> upstreamRows(const QList<protocol::Upstream>& upstreams);

} // namespace sotto::app
