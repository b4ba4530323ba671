// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sotto::engine {

/// Whether the computer has slept since a moment: the boot clock goes on meanwhile, the monotonic
/// clock stands still. What was connected before may be forgotten by everybody on the way. Times
/// are microseconds (clocks.h). Pure.
class SleepMark {
public:
    /// The clocks are not read at the same instant, and a nap of less than this harms nothing.
    static constexpr std::int64_t kTolerance = 1'000'000;

    void set(std::int64_t boot, std::int64_t monotonic) { m_ahead = boot - monotonic; }
    bool hasSlept(std::int64_t boot, std::int64_t monotonic) const {
        return boot - monotonic - m_ahead > kTolerance;
    }

private:
    std::int64_t m_ahead = 0; ///< the boot clock, of the monotonic one
};

} // namespace sotto::engine
