// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rate_history.h"

#include <algorithm>

namespace sotto::app {

void RateHistory::add(qint64 timeMillis, qint64 count) {
    if (m_lastCount && count < *m_lastCount)
        clear();
    if (!m_lastCount) {
        m_lastCount = count;
        m_lastTime = timeMillis;
        return;
    }
    const qint64 elapsed = timeMillis - m_lastTime;
    if (elapsed <= 0)
        return;
    if (elapsed > kGapMillis) {
        if (!m_points.isEmpty())
            m_points.append({timeMillis, 0, true});
    } else {
        const double rate =
            static_cast<double>(count - *m_lastCount) * 1000.0 / static_cast<double>(elapsed);
        if (!m_points.isEmpty() && m_points.last().afterGap && m_points.last().time == m_lastTime)
            m_points.last().rate = rate;
        m_points.append({timeMillis, rate, false});
    }
    m_lastCount = count;
    m_lastTime = timeMillis;
    const auto old = std::find_if(m_points.begin(), m_points.end(), [&](const Point& point) {
        return point.time >= timeMillis - kSpanMillis;
    });
    m_points.erase(m_points.begin(), old);
}

void RateHistory::clear() {
    m_points.clear();
    m_lastCount.reset();
}

std::optional<double> RateHistory::latest() const {
    if (m_points.isEmpty() || m_points.last().afterGap)
        return std::nullopt;
    return m_points.last().rate;
}

double RateHistory::peak() const {
    double peak = 0;
    for (const Point& point : m_points)
        peak = std::max(peak, point.rate);
    return peak;
}

} // namespace sotto::app
