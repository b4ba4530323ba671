// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/query_log.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace sotto::service {

namespace {

/// An upper bound of an entry's JSON: names are ASCII, but every octet may need an escape, and
/// labels may hold any character.
qsizetype boundOfJson(const protocol::LogEntry& entry) {
    constexpr qsizetype kFrame = 570;
    constexpr qsizetype kAttemptFrame = 465;
    qsizetype bound = kFrame + 2 * entry.name.size() + 6 * entry.upstream.size();
    if (entry.route)
        bound += 2 * entry.route->size();
    for (const protocol::Attempt& attempt : entry.attempts)
        bound += kAttemptFrame + 6 * attempt.upstream.size();
    return bound;
}

// A record's octets stand in three parts, each of which may be shorter than its room.
using Record = engine::QueryRecord;
static_assert(std::is_trivially_copyable_v<Record>);
constexpr std::size_t kNameAt = offsetof(Record, name);
constexpr std::size_t kTailAt = offsetof(Record, cacheAgeSeconds);
constexpr std::size_t kAttemptsAt = offsetof(Record, attempts);
static_assert(kNameAt < kTailAt && kTailAt < kAttemptsAt);

} // namespace

protocol::LogEntry LoggedQuery::entry() const {
    return logEntry(record, sequence, labels);
}

QueryLog::Kept::Kept(const LoggedQuery& query)
    : m_sequence(query.sequence)
    , m_labels(query.labels) {
    const auto* octets = reinterpret_cast<const char*>(&query.record);
    const std::size_t head = kNameAt + query.record.nameLength;
    const std::size_t tail =
        kAttemptsAt - kTailAt + attemptsIn(query.record) * sizeof(engine::UpstreamAttempt);
    m_record.reserve(head + tail);
    m_record.append(octets, head);
    m_record.append(octets + kTailAt, tail);
}

LoggedQuery QueryLog::Kept::query() const {
    LoggedQuery query{{}, m_sequence, m_labels};
    auto* octets = reinterpret_cast<char*>(&query.record);
    std::memcpy(octets, m_record.data(), kNameAt);
    const std::size_t head = kNameAt + query.record.nameLength;
    std::memcpy(octets + kNameAt, m_record.data() + kNameAt, query.record.nameLength);
    std::memcpy(octets + kTailAt, m_record.data() + head, m_record.size() - head);
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
