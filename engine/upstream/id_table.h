// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sotto::engine {

class PendingQuery;

/// The message IDs in use on one connection, each with its query; null where nobody wants the
/// answer any more, but the ID must not be used again before it came. Open addressing with linear
/// probing: IDs are random, so they are their own hash.
class IdTable {
public:
    struct Entry {
        std::uint16_t id = 0;
        bool used = false;
        bool sent = false;
        PendingQuery* query = nullptr;
    };

    std::size_t size() const { return m_size; }

    Entry* find(std::uint16_t id) {
        if (m_entries.empty())
            return nullptr;
        for (std::size_t at = id & m_mask;; at = (at + 1) & m_mask) {
            if (!m_entries[at].used)
                return nullptr;
            if (m_entries[at].id == id)
                return &m_entries[at];
        }
    }

    /// The ID must not be in use.
    void add(std::uint16_t id, PendingQuery* query) {
        if (m_size * 2 >= m_entries.size())
            grow();
        ++m_size;
        place({id, true, false, query});
    }

    void remove(Entry* entry) {
        // What stands behind it moves up, so that no gap hides it.
        auto gap = static_cast<std::size_t>(entry - m_entries.data());
        for (std::size_t at = (gap + 1) & m_mask; m_entries[at].used; at = (at + 1) & m_mask) {
            const std::size_t home = m_entries[at].id & m_mask;
            if (((at - home) & m_mask) >= ((at - gap) & m_mask))
                m_entries[std::exchange(gap, at)] = m_entries[at];
        }
        m_entries[gap] = {};
        --m_size;
    }

    /// Calls visit with every query that somebody wants, until it says false.
    template <class Visitor>
    void visitWhile(Visitor visit) const {
        for (const Entry& entry : m_entries) {
            if (entry.query && !visit(*entry.query))
                return;
        }
    }

    /// All of them, which are then no longer in it.
    std::vector<Entry> takeAll() {
        m_size = 0;
        return std::exchange(m_entries, {});
    }

private:
    static constexpr std::size_t kFirstRoom = 16;

    void grow() {
        auto old = std::exchange(
            m_entries, std::vector<Entry>(m_entries.empty() ? kFirstRoom : m_entries.size() * 2));
        m_mask = m_entries.size() - 1;
        for (const Entry& entry : old) {
            if (entry.used)
                place(entry);
        }
    }
    void place(const Entry& entry) {
        std::size_t at = entry.id & m_mask;
        while (m_entries[at].used)
            at = (at + 1) & m_mask;
        m_entries[at] = entry;
    }

    std::vector<Entry> m_entries;
    std::size_t m_mask = 0;
    std::size_t m_size = 0;
};

} // namespace sotto::engine
