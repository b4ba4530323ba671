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

/// What the cache counts in. It starts late enough for times before this boot to be numbers, too:
/// answers that were kept over a restart came then.
inline constexpr std::uint32_t kBootSecondsOrigin = 1'000'000;

inline std::uint32_t bootSecondsOf(std::int64_t bootMicroseconds) {
    return kBootSecondsOrigin + static_cast<std::uint32_t>(bootMicroseconds / 1'000'000);
}
inline std::uint32_t bootSeconds() {
    return bootSecondsOf(bootMicros());
}

} // namespace sotto::engine
