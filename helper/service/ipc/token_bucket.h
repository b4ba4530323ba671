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

    /// Takes some; false where there are not as many.
    [[nodiscard]] bool take(qint64 nowMillis, double wanted = 1) {
        m_tokens = std::min(m_burst, m_tokens + static_cast<double>(nowMillis - m_at) * m_perMilli);
        m_at = nowMillis;
        if (m_tokens < wanted)
            return false;
        m_tokens -= wanted;
        return true;
    }

private:
    double m_perMilli;
    double m_burst;
    double m_tokens;
    qint64 m_at = 0;
};

} // namespace sotto::service
