// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace sotto::bench {

struct BenchOptions {
    std::string sottod; ///< the program to measure; beside this one where not given
    std::string json;   ///< where to write the figures as JSON; empty: nowhere
    std::chrono::milliseconds round{2000};
    int rounds = 3;
    std::size_t names = 10000;
};

/// Reads the command line. Prints help or an error and gives nothing where the program should end
/// with exitCode.
std::optional<BenchOptions> readOptions(int argc, char** argv, int& exitCode);

} // namespace sotto::bench
