// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query_load.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace sotto::bench {

/// What became of one query. Times count from the beginning of its load; the answer's is the
/// kernel's, so that it does not matter when this program came to read it.
struct Fate {
    std::chrono::nanoseconds sent{-1};     ///< negative: not asked
    std::chrono::nanoseconds answered{-1}; ///< negative: never
    int code = -1;

    bool asked() const { return sent.count() >= 0; }
    bool isAnswered() const { return answered.count() >= 0; }
    bool good() const { return code == 0; }
    double millis() const {
        return std::chrono::duration<double, std::milli>(answered - sent).count();
    }
};

struct TimedLoad {
    struct Event {
        std::chrono::milliseconds at;
        std::function<void()> happen;
    };

    int perSecond = 1000;
    std::chrono::milliseconds patience{5000}; ///< for answers, once all was asked
    std::vector<Event> events{};              ///< in their order
    /// Ends the load early where it says so; asked before each query.
    std::function<bool(const std::vector<Fate>&)> enough{};
};

/// Asks each query once over UDP, evenly spaced, and sleeps in between, so that the processor is
/// free for the upstream side. Gives the fates in the order of the queries, of which there may be
/// 65,536.
std::vector<Fate> askTimed(std::uint16_t port, const std::vector<Datagram>& queries,
                           const TimedLoad& load);

/// One query by itself.
Fate askOne(std::uint16_t port, const Datagram& query, std::chrono::milliseconds patience);

} // namespace sotto::bench
