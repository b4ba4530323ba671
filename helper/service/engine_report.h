// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "protocol/messages.h"

/// What the engine says, in the words of the IPC. Pure.
namespace sotto::service {

protocol::Upstream upstreamReport(const engine::UpstreamStatus& status, const QString& provider);

/// uptimeSeconds is left to the caller.
protocol::Statistics statisticsReport(const engine::Statistics& statistics);

/// upstream is the label of the upstream that answered, or empty.
protocol::LogEntry logEntry(const engine::QueryRecord& record, qint64 sequence,
                            const QString& upstream);

/// The records of the answer section, without the section's name.
QStringList answerRecords(const std::vector<std::string>& records);

} // namespace sotto::service
