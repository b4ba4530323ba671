// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The clocks of the engine. One file per system behind it.
namespace sotto::engine {

/// Microseconds since boot with the time asleep: what cached answers age by.
std::int64_t bootMicros();
/// Microseconds of the monotonic clock: what durations and deadlines are measured by. Where the
/// system counts time asleep apart, this one stands still meanwhile.
std::int64_t monotonicMicros();
/// Microseconds since 1970: what people are shown.
std::int64_t unixMicros();

inline std::uint32_t bootSeconds() {
    return static_cast<std::uint32_t>(bootMicros() / 1'000'000);
}

} // namespace sotto::engine
