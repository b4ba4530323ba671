// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QList>

#include <deque>

namespace sotto::service {

/// The newest entries of the query log, in memory only.
class QueryLog {
public:
    /// What one message of log entries may take, with room for its frame.
    static constexpr qsizetype kMaxBatchBytes = 200 * 1024;

    /// Zero keeps none; a smaller capacity forgets the oldest.
    void setCapacity(int entries);
    void append(const QList<protocol::LogEntry>& entries);

    qsizetype size() const { return static_cast<qsizetype>(m_entries.size()); }
    /// The newest entries, oldest first: at most count, and no more than fit one message.
    QList<protocol::LogEntry> newest(qsizetype count) const;

    /// Divides entries into lists that each fit one message.
    static QList<QList<protocol::LogEntry>> batches(const QList<protocol::LogEntry>& entries);

private:
    std::deque<protocol::LogEntry> m_entries;
    std::size_t m_capacity = 0;
};

} // namespace sotto::service
