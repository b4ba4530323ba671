// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sotto::bench {

struct BenchOptions {
    std::filesystem::path sottod;    ///< the program to measure; beside this one where not given
    std::filesystem::path host;      ///< the engine by itself; likewise
    std::filesystem::path peersRoot; ///< a root folder with the peers; empty: no peers
    std::filesystem::path json;      ///< where to write everything as JSON; empty: nowhere
    std::vector<std::string> only;   ///< subjects to measure; empty: all
    bool list = false;
    std::chrono::milliseconds load{2000}; ///< length of each load
    int rounds = 3;
    std::size_t names = 10000;
    std::size_t entries = 100000;

    bool wants(const std::string& subject) const;
};

/// Reads the command line. Prints help or an error and gives nothing where the program should end
/// with exitCode.
std::optional<BenchOptions> readOptions(int argc, char** argv, int& exitCode);

} // namespace sotto::bench
