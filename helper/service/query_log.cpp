// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/query_log.h"

#include "service/engine_report.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace sotto::service {

namespace {

/// An upper bound of an entry's JSON: names are ASCII, but every octet may need an escape, and
/// labels may hold any character.
qsizetype boundOfJson(const protocol::LogEntry& entry) {
    constexpr qsizetype kFrame = 400;
    return kFrame + 2 * entry.name.size() + 6 * entry.upstream.size();
}

} // namespace

protocol::LogEntry LoggedQuery::entry() const {
    return logEntry(record, sequence, upstream);
}

QueryLog::Kept::Kept(const LoggedQuery& query)
    : m_record(reinterpret_cast<const char*>(&query.record),
               offsetof(engine::QueryRecord, name) + query.record.nameLength)
    , m_sequence(query.sequence)
    , m_upstream(query.upstream) {}

LoggedQuery QueryLog::Kept::query() const {
    LoggedQuery query{{}, m_sequence, m_upstream};
    std::memcpy(&query.record, m_record.data(), m_record.size());
    return query;
}

void QueryLog::setCapacity(int entries) {
    m_capacity = static_cast<std::size_t>(entries);
    if (m_queries.size() > m_capacity) {
        m_queries.erase(m_queries.begin(),
                        m_queries.end() - static_cast<std::ptrdiff_t>(m_capacity));
        m_queries.shrink_to_fit();
    }
}

void QueryLog::append(const std::vector<LoggedQuery>& queries) {
    const std::size_t fitting = std::min(queries.size(), m_capacity);
    const std::size_t sum = m_queries.size() + fitting;
    if (sum > m_capacity)
        m_queries.erase(m_queries.begin(),
                        m_queries.begin() + static_cast<std::ptrdiff_t>(sum - m_capacity));
    for (auto query = queries.end() - static_cast<std::ptrdiff_t>(fitting); query != queries.end();
         ++query)
        m_queries.emplace_back(*query);
}

QList<protocol::LogEntry> QueryLog::newest(qsizetype count) const {
    QList<protocol::LogEntry> entries;
    qsizetype bytes = 0;
    for (auto query = m_queries.rbegin(); query != m_queries.rend() && entries.size() < count;
         ++query) {
        protocol::LogEntry entry = query->query().entry();
        bytes += boundOfJson(entry);
        if (bytes > kMaxBatchBytes)
            break;
        entries.append(std::move(entry));
    }
    std::reverse(entries.begin(), entries.end());
    return entries;
}

QList<QList<protocol::LogEntry>> QueryLog::batches(const QList<protocol::LogEntry>& entries) {
    QList<QList<protocol::LogEntry>> result;
    qsizetype bytes = kMaxBatchBytes;
    for (const protocol::LogEntry& entry : entries) {
        const qsizetype bound = boundOfJson(entry);
        if (bytes + bound > kMaxBatchBytes) {
            result.append(QList<protocol::LogEntry>());
            bytes = 0;
        }
        result.last().append(entry);
        bytes += bound;
    }
    return result;
}

} // namespace sotto::service
