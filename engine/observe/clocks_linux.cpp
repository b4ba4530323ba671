// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clocks.h"

#include <ctime>

namespace sotto::engine {

namespace {

std::int64_t micros(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

} // namespace

std::int64_t bootMicros() {
    return micros(CLOCK_BOOTTIME);
}
std::int64_t monotonicMicros() {
    return micros(CLOCK_MONOTONIC);
}
std::int64_t unixMicros() {
    return micros(CLOCK_REALTIME);
}

} // namespace sotto::engine
