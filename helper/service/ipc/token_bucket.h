// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>

namespace sotto::service {

/// Allows a rate with bursts. Pure: the caller brings the time, in milliseconds, never backwards.
class TokenBucket {
public:
    TokenBucket(double perSecond, double burst)
        : m_perMilli(perSecond / 1000)
        , m_burst(burst)
        , m_tokens(burst) {}

    /// Takes one; false where there is none.
    [[nodiscard]] bool take(qint64 nowMillis) {
        m_tokens = std::min(m_burst, m_tokens + static_cast<double>(nowMillis - m_at) * m_perMilli);
        m_at = nowMillis;
        if (m_tokens < 1)
            return false;
        m_tokens -= 1;
        return true;
    }

private:
    double m_perMilli;
    double m_burst;
    double m_tokens;
    qint64 m_at = 0;
};

} // namespace sotto::service
