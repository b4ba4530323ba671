// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace sotto::bench {

/// A step of a cache hit by itself, in memory.
struct MicroFigure {
    std::string step;
    std::vector<double> nanos; ///< a call, one sample a batch of calls
};

/// Times the steps that a hit consists of, each over the queries for so many names in turn, so that
/// the entries come from where they are with that many: L1, L2 or memory.
std::vector<MicroFigure> timeSteps(std::size_t names);

} // namespace sotto::bench
