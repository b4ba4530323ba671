// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_store.h"

#include <QStringList>

#include <algorithm>

namespace sotto::app {

using protocol::LogEntry;

bool matches(const LogEntry& entry, const LogWish& wish) {
    if (wish.source && entry.source != *wish.source)
        return false;
    if (!wish.rcode.isEmpty() && entry.rcode != wish.rcode)
        return false;
    if (wish.words.isEmpty())
        return true;
    const QStringList words = wish.words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&](const QString& word) {
        return entry.name.contains(word, Qt::CaseInsensitive) ||
               entry.type.compare(word, Qt::CaseInsensitive) == 0 ||
               entry.rcode.compare(word, Qt::CaseInsensitive) == 0 ||
               entry.client.contains(word, Qt::CaseInsensitive) ||
               entry.upstream.contains(word, Qt::CaseInsensitive);
    });
}

LogStore::LogStore(int capacity)
    : m_capacity(capacity) {}

QList<LogEntry> LogStore::fresh(const QList<LogEntry>& batch) const {
    QList<LogEntry> result;
    for (const LogEntry& entry : batch) {
        const qint64 last = result.isEmpty() ? m_lastSequence : result.last().sequence;
        if (entry.sequence > last)
            result.append(entry);
    }
    return result.size() > m_capacity ? result.mid(result.size() - m_capacity) : result;
}

int LogStore::shownLostBy(int count) const {
    const int excess = std::max(0, size() + count - m_capacity);
    const qint64 firstKept = m_firstPosition + excess;
    return static_cast<int>(std::lower_bound(m_shown.begin(), m_shown.end(), firstKept) -
                            m_shown.begin());
}

void LogStore::dropFor(int count) {
    const int lost = shownLostBy(count);
    m_shown.erase(m_shown.begin(), m_shown.begin() + lost);
    const int excess = std::max(0, size() + count - m_capacity);
    m_entries.erase(m_entries.begin(), m_entries.begin() + excess);
    m_firstPosition += excess;
}

int LogStore::shownAmong(const QList<LogEntry>& entries) const {
    return static_cast<int>(
        std::count_if(entries.begin(), entries.end(),
                      [&](const LogEntry& entry) { return matches(entry, m_wish); }));
}

void LogStore::append(const QList<LogEntry>& entries) {
    for (const LogEntry& entry : entries) {
        if (matches(entry, m_wish))
            m_shown.push_back(m_firstPosition + size());
        m_entries.push_back(entry);
        m_lastSequence = entry.sequence;
    }
}

void LogStore::setWish(const LogWish& wish) {
    m_wish = wish;
    m_shown.clear();
    for (int i = 0; i < size(); ++i) {
        if (matches(m_entries[static_cast<std::size_t>(i)], m_wish))
            m_shown.push_back(m_firstPosition + i);
    }
}

void LogStore::clear() {
    m_firstPosition += size();
    m_entries.clear();
    m_shown.clear();
}

void LogStore::reset() {
    clear();
    m_lastSequence = -1;
}

const LogEntry& LogStore::at(int shownRow) const {
    const qint64 position = m_shown[static_cast<std::size_t>(shownRow)];
    return m_entries[static_cast<std::size_t>(position - m_firstPosition)];
}

} // namespace sotto::app
