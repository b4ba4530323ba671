// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/hedge.h"

#include <algorithm>

namespace sotto::engine {

namespace {

/// The largest step, as a share of the estimate, once it has settled: small beside what counts as
/// late, and yet a path that became five times as long is known after a hundred answers.
constexpr double kStep = 1.0 / 64;
constexpr double kShortestMicros = 1; // of a sample; 0 means that there was none
constexpr double kLeastLate = 10'000;

} // namespace

void RunningMedian::add(double micros) {
    micros = std::max(micros, kShortestMicros);
    if (m_samples == 0) {
        m_samples = 1;
        m_estimate = micros;
        return;
    }
    const double share = std::max(1.0 / (m_samples + 1), kStep);
    if (share > kStep)
        ++m_samples;
    // A sample far away weighs no more than one near by: what makes it a median and not a mean.
    const double bound = m_estimate * share;
    m_estimate += std::clamp(micros - m_estimate, -bound, bound);
}

void HedgeBudget::noteQuery() {
    m_tokens = std::min(m_tokens + m_share, kBurst);
}

bool HedgeBudget::take() {
    if (m_share <= 0 || m_tokens < 1)
        return false;
    m_tokens -= 1;
    return true;
}

std::int64_t HedgeBudget::delayMicros(double medianMicros) {
    if (medianMicros <= 0)
        return 0;
    return static_cast<std::int64_t>(std::max(2 * medianMicros, medianMicros + kLeastLate));
}

} // namespace sotto::engine
