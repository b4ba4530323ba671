// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "protocol/messages.h"
#include "protocol/provider_test.h"

#include <QList>
#include <QMap>

#include <cstdint>
#include <optional>
#include <vector>

/// What the engine says, in the words of the IPC. Pure.
namespace sotto::service {

/// What an upstream is called.
struct ServerName {
    QString label;
    std::optional<int> port; ///< where the label alone does not tell which one it is
};

/// What a route is called.
struct RouteName {
    QString zone; ///< its first one; empty: no route
    int more = 0; ///< further zones
};

/// What the engine's numbers stand for.
struct AnswerLabels {
    QString upstream;        ///< of the upstream that answered; empty where none did
    QList<ServerName> tried; ///< the upstreams of the attempts, in that order
    RouteName route;         ///< that it took
};

/// By their numbers.
QMap<std::uint32_t, ServerName> serverNames(const std::vector<engine::UpstreamStatus>& upstreams);

/// provider: its id in the list, or empty.
protocol::Upstream upstreamReport(const engine::UpstreamStatus& status, const QString& provider,
                                  const RouteName& route);

/// uptimeSeconds is left to the caller.
protocol::Statistics statisticsReport(const engine::Statistics& statistics);

protocol::LogEntry logEntry(const engine::QueryRecord& record, qint64 sequence,
                            const AnswerLabels& labels);

/// How many attempts a record holds, which may be fewer than were made.
std::size_t attemptsIn(const engine::QueryRecord& record);

protocol::ProviderTestReport testReport(const engine::UpstreamTestReport& report, qint64 test);

/// The records of the answer section, without the section's name.
QStringList answerRecords(const std::vector<std::string>& records);

} // namespace sotto::service
