// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>

namespace sotto::lease {

/// So many at once, and so many more every second. Pure: the caller brings the time, in
/// milliseconds, never backwards.
class RequestRate {
public:
    RequestRate(int perSecond, int atOnce)
        : m_perSecond(perSecond)
        , m_most(qint64{atOnce} * 1000)
        , m_left(m_most) {}

    /// Takes one; false where it is one too many.
    [[nodiscard]] bool take(qint64 now) {
        m_left = std::min(m_most, m_left + (now - m_at) * m_perSecond);
        m_at = now;
        if (m_left < 1000)
            return false;
        m_left -= 1000;
        return true;
    }

private:
    qint64 m_perSecond;
    qint64 m_most; ///< in thousandths
    qint64 m_left;
    qint64 m_at = 0;
};

} // namespace sotto::lease
