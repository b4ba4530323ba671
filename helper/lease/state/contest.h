// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QtGlobal>

namespace sotto::lease {

/// Counts how often an agent's writes were overwritten lately: two programs that each insist would
/// go on for ever. Pure: the caller brings the time, in milliseconds, never backwards.
class Contest {
public:
    static constexpr qsizetype kMostRounds = 6;
    static constexpr qint64 kWithin = 60'000;

    /// Notes a round; false where it is one too many, and the agent has won.
    [[nodiscard]] bool goOn(qint64 now) {
        while (!m_rounds.isEmpty() && now - m_rounds.first() >= kWithin)
            m_rounds.removeFirst();
        m_rounds.append(now);
        return m_rounds.size() <= kMostRounds;
    }
    void forget() { m_rounds.clear(); }

private:
    QList<qint64> m_rounds;
};

} // namespace sotto::lease
