// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QList>
#include <QString>

namespace sotto::app {

/// How a provider, or a server of one's own, does at the moment.
struct ProviderLive {
    bool inUse = false;
    protocol::UpstreamState state = protocol::UpstreamState::Idle;
    double rttMillis = 0;    ///< smoothed; 0 where not known
    double medianMillis = 0; ///< likewise
    QString error;           ///< a phrase in the application's language; empty while it answers
    QString serviceError;    ///< the same in the service's words
    QString warning;         ///< likewise: what works but will not for long
    QString tlsVersion;      ///< "TLSv1.3"; empty before the first connection
    QString cipher;
    QString address; ///< of the last connection
    bool resumed = false;
    bool earlyData = false;
    int openConnections = 0;
    int inFlight = 0;
    double idleLimitSeconds = 0; ///< 0 where not known
    bool encrypted = true;
    bool lookedUpUnencrypted = false; ///< its own name was, by a bootstrap server
    QStringList lookedUp;             ///< addresses found for its name
    QString route;                    ///< the zone that it serves; empty: all names

    bool operator==(const ProviderLive&) const = default;
};

ProviderLive liveOf(const protocol::Upstream& upstream);
/// Not in use where no upstream belongs to the provider.
ProviderLive providerLive(const QList<protocol::Upstream>& upstreams, const QString& providerId);

/// One line of the overview: a provider in use, or an own server.
struct UpstreamRow {
    QString label;
    ProviderLive live;

    bool operator==(const UpstreamRow&) const = default;
};

/// One for each upstream, in their order; those of routes last.
QList<UpstreamRow> upstreamRows(const QList<protocol::Upstream>& upstreams);

} // namespace sotto::app
