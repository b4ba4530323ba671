// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/query_log.h"

namespace sotto::service {

namespace {

/// An upper bound of an entry's JSON: names are ASCII, but every octet may need an escape, and
/// labels may hold any character.
qsizetype boundOfJson(const protocol::LogEntry& entry) {
    constexpr qsizetype kFrame = 400;
    return kFrame + 2 * entry.name.size() + 6 * entry.upstream.size();
}

} // namespace

void QueryLog::setCapacity(int entries) {
    m_capacity = static_cast<std::size_t>(entries);
    if (m_entries.size() > m_capacity) {
        m_entries.erase(m_entries.begin(),
                        m_entries.end() - static_cast<std::ptrdiff_t>(m_capacity));
        m_entries.shrink_to_fit();
    }
}

void QueryLog::append(const QList<protocol::LogEntry>& entries) {
    if (m_capacity == 0)
        return;
    for (const protocol::LogEntry& entry : entries) {
        if (m_entries.size() == m_capacity)
            m_entries.pop_front();
        m_entries.push_back(entry);
    }
}

QList<protocol::LogEntry> QueryLog::newest(qsizetype count) const {
    qsizetype bytes = 0;
    auto first = m_entries.end();
    while (first != m_entries.begin() && m_entries.end() - first < count) {
        bytes += boundOfJson(*std::prev(first));
        if (bytes > kMaxBatchBytes)
            break;
        --first;
    }
    return QList<protocol::LogEntry>(first, m_entries.end());
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
