// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/engine_report.h"

#include <QList>

#include <deque>
#include <string>
#include <vector>

namespace sotto::service {

/// An answered query as it is kept. What people read is made of it only when somebody asks, which
/// is seldom, while queries are many.
struct LoggedQuery {
    engine::QueryRecord record;
    qint64 sequence = 0;
    AnswerLabels labels;

    protocol::LogEntry entry() const;
};

/// The newest entries of the query log, in memory only.
class QueryLog {
public:
    /// What one message of log entries may take, with room for its frame.
    static constexpr qsizetype kMaxBatchBytes = 200 * 1024;

    /// Zero keeps none; a smaller capacity forgets the oldest.
    void setCapacity(int entries);
    void append(const std::vector<LoggedQuery>& queries);

    qsizetype size() const { return static_cast<qsizetype>(m_queries.size()); }
    /// The newest entries, oldest first: at most count, and no more than fit one message.
    QList<protocol::LogEntry> newest(qsizetype count) const;

    /// Divides entries into lists that each fit one message.
    static QList<QList<protocol::LogEntry>> batches(const QList<protocol::LogEntry>& entries);

private:
    /// A query without the room that its name and its attempts did not need.
    class Kept {
    public:
        explicit Kept(const LoggedQuery& query);
        LoggedQuery query() const;

    private:
        std::string m_record;
        qint64 m_sequence;
        AnswerLabels m_labels;
    };

    std::deque<Kept> m_queries;
    std::size_t m_capacity = 0;
};

} // namespace sotto::service
