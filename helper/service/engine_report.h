// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "protocol/messages.h"
#include "protocol/provider_test.h"

/// What the engine says, in the words of the IPC. Pure.
namespace sotto::service {

/// What the engine's numbers stand for.
struct AnswerLabels {
    QString upstream;  ///< of the upstream that answered; empty where none did
    QStringList tried; ///< of the upstreams of the attempts, in that order
    QString route;     ///< the first zone of the route; empty where it took none
};

/// provider: its id in the list, or empty; route: as in AnswerLabels.
protocol::Upstream upstreamReport(const engine::UpstreamStatus& status, const QString& provider,
                                  const QString& route);

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
