// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QString>

#include <deque>
#include <optional>

namespace sotto::app {

/// Which entries of the query log are shown.
struct LogWish {
    QString words; ///< each word must occur in name, type, result, client or provider
    std::optional<protocol::AnswerSource> source;
    QString rcode; ///< empty: any

    bool operator==(const LogWish&) const = default;
};

bool matches(const protocol::LogEntry& entry, const LogWish& wish);

/// The newest entries of the query log up to a capacity, and the ones among them that match a
/// wish. Plain data without signals: LogModel tells views.
///
/// Entries come in rising sequence; one that is not newer than the newest is dropped, so that a
/// backlog may overlap with what is here.
class LogStore {
public:
    explicit LogStore(int capacity);

    /// Those of the batch that are new, at most as many as fit.
    QList<protocol::LogEntry> fresh(const QList<protocol::LogEntry>& batch) const;
    /// How many shown rows at the front must go so that count more entries fit.
    int shownLostBy(int count) const;
    void dropFor(int count);
    int shownAmong(const QList<protocol::LogEntry>& entries) const;
    /// Room must have been made with dropFor().
    void append(const QList<protocol::LogEntry>& entries);

    void setWish(const LogWish& wish);
    const LogWish& wish() const { return m_wish; }
    /// Forgets the entries but remembers which sequence came last.
    void clear();
    /// Forgets all, for another run of the service.
    void reset();

    int shown() const { return static_cast<int>(m_shown.size()); }
    int size() const { return static_cast<int>(m_entries.size()); }
    int capacity() const { return m_capacity; }
    const protocol::LogEntry& at(int shownRow) const;

private:
    int m_capacity;
    qint64 m_lastSequence = -1;
    qint64 m_firstPosition = 0; ///< position of m_entries.front(), rising over the store's life
    std::deque<protocol::LogEntry> m_entries;
    std::deque<qint64> m_shown; ///< positions of matching entries
    LogWish m_wish;
};

} // namespace sotto::app
