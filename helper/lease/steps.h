// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace sotto::lease {

/// Is told of every step between which the program can be killed, by a name that stays the same.
/// The product has none; tests end the process, or leave the call, at each of them.
using Steps = std::function<void(const char* step)>;

inline void passStep(const Steps& steps, const char* step) {
    if (steps)
        steps(step);
}

} // namespace sotto::lease
