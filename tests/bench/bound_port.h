// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>

namespace sotto::bench {

/// Waits until somebody in this network namespace has bound the UDP port, without sending anything
/// there. False where that does not come within ten seconds, or running() says that nobody is left
/// to do it.
[[nodiscard]] bool waitUntilBound(std::uint16_t port, const std::function<bool()>& running);

} // namespace sotto::bench
