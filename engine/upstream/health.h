// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"

#include <cstdint>

namespace sotto::engine {

/// Whether an upstream is up, judged from how queries went: so many failures in a row take it down,
/// any answer brings it back. While it is down (or let a query wait) it is tried again
/// after a time that doubles, with jitter. Times are monotonic microseconds. Pure but for its
/// random numbers.
class Health {
public:
    /// Microseconds between tries to connect that fail, at the most, while somebody asks.
    static constexpr std::int64_t kLongestWhenAsked = 150'000;

    explicit Health(const ForwardConfig& forward);
    void configure(const ForwardConfig& forward);

    /// Something failed that the upstream is to blame for.
    void noteFailure(std::int64_t now);
    /// It let a query wait; certain: it was not just that query. Another wait is worse than a query
    /// for another upstream, so that it is asked behind the others from then on, however many
    /// failures it may have.
    void noteStall(std::int64_t now, bool certain);
    /// It failed to connect; no query left.
    void noteConnectFailure(std::int64_t now);
    /// A connection that was made ended before any answer came on it.
    void noteFruitlessConnection() { ++m_fruitless; }
    /// It answered, or what was may not hold any more: the network changed.
    void noteAnswer();
    void noteConnected() { m_connectFailures = 0; }
    /// It is being tried.
    void noteTry(std::int64_t now);

    bool isDown() const { return m_maxFails != 0 && m_failures >= m_maxFails; }
    bool isSuspect() const { return m_maxFails != 0 && m_stalled; }
    /// The last try to connect failed.
    bool cannotConnect() const { return m_connectFailures > 0; }
    bool hangs() const { return m_hangs; }
    bool hasStalled() const { return m_stalled; }
    bool hasFailed() const { return m_failures > 0; }
    /// Another try is due, beside the upstreams that work; isUrgent: there are none.
    bool isDue(std::int64_t now, bool isUrgent) const {
        return m_failures > 0 &&
               (now >= m_nextTry || (isUrgent && now - m_lastTry >= kLongestWhenUrgent));
    }
    /// A connection may be tried; no storm of attempts while one fails after the other, and still
    /// soon enough to be back at once when all depends on it.
    bool mayConnect(std::int64_t now) const;

private:
    static constexpr std::int64_t kLongestWhenUrgent = 1'000'000;
    /// So many connections in a row may end without an answer before there is a pause between them:
    /// a few broken names end theirs, whatever the server is like.
    static constexpr unsigned kFruitlessAtOnce = 8;

    void backOff(std::int64_t now);

    unsigned m_maxFails = 2;
    std::int64_t m_interval = 0;
    unsigned m_failures = 0; ///< in a row
    unsigned m_connectFailures = 0;
    unsigned m_fruitless = 0; ///< connections without an answer, in a row
    bool m_stalled = false;
    bool m_hangs = false;       ///< stalled for certain
    std::int64_t m_backoff = 0; ///< how long the wait under way is; 0 while all is well
    std::int64_t m_nextTry = 0;
    std::int64_t m_lastTry = 0;
};

} // namespace sotto::engine
