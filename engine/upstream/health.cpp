// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/health.h"

#include <algorithm>
#include <random>
#include <utility>

namespace sotto::engine {

namespace {

constexpr std::int64_t kMilli = 1000;
constexpr std::int64_t kLongestBackoff = 60'000 * kMilli;

std::int64_t withJitter(std::int64_t duration) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    return duration * std::uniform_int_distribution<std::int64_t>(75, 125)(random) / 100;
}

} // namespace

Health::Health(const ForwardConfig& forward) {
    configure(forward);
}

void Health::configure(const ForwardConfig& forward) {
    m_maxFails = forward.maxFails;
    const std::int64_t interval =
        std::chrono::duration_cast<std::chrono::microseconds>(forward.healthCheck.interval).count();
    if (std::exchange(m_interval, interval) == interval)
        return;
    m_backoff = 0; // a wait under way was for the old one
    m_nextTry = 0;
}

void Health::noteFailure(std::int64_t now) {
    ++m_failures;
    if (m_backoff == 0)
        backOff(now);
}

void Health::noteStall(std::int64_t now, bool certain) {
    m_stalled = true;
    m_hangs |= certain;
    noteFailure(now);
}

void Health::noteConnectFailure(std::int64_t now) {
    ++m_connectFailures;
    noteFailure(now);
}

void Health::noteAnswer() {
    m_failures = 0;
    m_connectFailures = 0;
    m_fruitless = 0;
    m_stalled = false;
    m_hangs = false;
    m_backoff = 0;
}

void Health::noteTry(std::int64_t now) {
    m_lastTry = now;
    if (isDue(now, false))
        backOff(now);
}

/// After a failure, or a try while failing: the next one later each time.
void Health::backOff(std::int64_t now) {
    m_backoff = m_backoff == 0 ? m_interval : std::min(m_backoff * 2, kLongestBackoff);
    m_nextTry = now + withJitter(m_backoff);
}

bool Health::mayConnect(std::int64_t now) const {
    return now - m_lastTry >= kLongestWhenAsked ||
           (m_fruitless < kFruitlessAtOnce && (m_connectFailures == 0 || now >= m_nextTry));
}

} // namespace sotto::engine
