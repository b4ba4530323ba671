// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sotto::engine {

/// How long a server's connections may be idle and are still worth using: what is configured, what
/// the server says (RFC 7828), or what was learnt from when it closed them. Microseconds; pure.
class IdleLimit {
public:
    /// Zero: not configured.
    void configure(std::chrono::milliseconds expire) {
        m_configured = std::chrono::duration_cast<std::chrono::microseconds>(expire).count();
    }
    void setLearnt(std::int64_t micros) { m_learnt = micros; }
    std::int64_t learnt() const { return m_learnt; }

    /// The server said so; 0: it wants to close.
    void noteKeepalive(std::int64_t micros) { m_told = micros; }
    /// It closed a connection that had been idle for so long.
    void noteClosed(std::int64_t idle) {
        if (idle >= kShortest)
            m_learnt = m_learnt == 0 ? idle : std::min(m_learnt, idle);
    }
    /// A connection was still open after so long: it is not closed as early as was thought.
    void noteStillOpen(std::int64_t idle) {
        if (m_learnt != 0 && idle > m_learnt + m_learnt / 2)
            m_learnt = idle;
    }

    /// 0: nothing is known.
    std::int64_t micros() const {
        if (m_configured != 0)
            return m_configured;
        if (m_told >= 0)
            return m_told - m_told / 10;
        return m_learnt - m_learnt / 10;
    }
    /// The server keeps no idle connection at all (RFC 7828 §3.2.2).
    bool wantsClose() const { return m_told == 0; }
    bool isTold() const { return m_configured == 0 && m_told >= 0; }

private:
    /// A server that closes sooner did so for another reason.
    static constexpr std::int64_t kShortest = 100'000;

    std::int64_t m_configured = 0;
    std::int64_t m_told = -1; ///< -1: nothing
    std::int64_t m_learnt = 0;
};

} // namespace sotto::engine
