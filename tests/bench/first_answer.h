// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace sotto::bench {

/// Asks over UDP, another name each time, until the first answer without an error comes. Gives the
/// time since start; zero where none comes within ten seconds, or running() says that there is
/// nobody left to answer.
std::chrono::nanoseconds timeToFirstAnswer(std::uint16_t port,
                                           std::chrono::steady_clock::time_point start,
                                           const std::function<bool()>& running);

} // namespace sotto::bench
