// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

namespace sotto::app {

/// Why an upstream does not answer, as a phrase that speaks of it as "it". Empty while nothing is
/// wrong. Pure.
QString upstreamErrorText(const protocol::Upstream& upstream);

/// What works still but will not for long, likewise as a phrase: "its certificate ends in 3 days".
QString upstreamWarningText(const protocol::Upstream& upstream, const QDateTime& now);

/// What a person should do something about: a clock that is wrong, a key that is not the pinned
/// one, a certificate near its end. One sentence or more each; providers with the same trouble
/// share a notice.
QStringList upstreamNotices(const QList<protocol::Upstream>& upstreams, const QDateTime& now);

/// "in 3 days", "today"; of a time past "3 days ago".
QString daysUntilText(const QDateTime& time, const QDateTime& now);

} // namespace sotto::app
