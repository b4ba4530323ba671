// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sotto::bench {

/// What can be measured.
namespace part {
inline constexpr const char* kCache = "cache";
inline constexpr const char* kFull = "full";
inline constexpr const char* kTail = "tail";
inline constexpr const char* kFirst = "first";
inline constexpr const char* kIdle = "idle";
inline constexpr const char* kFaults = "faults";
inline constexpr const char* kOutages = "outages";
} // namespace part

struct BenchOptions {
    std::filesystem::path sottod;    ///< the program to measure; beside this one where not given
    std::filesystem::path host;      ///< the engine by itself; likewise
    std::filesystem::path peersRoot; ///< a root folder with the peers; empty: no peers
    std::filesystem::path json;      ///< where to write everything as JSON; empty: nowhere
    std::vector<std::string> only;   ///< subjects to measure; empty: all
    std::vector<std::string> parts;  ///< what to measure, of those above; empty: all
    bool list = false;
    bool quick = false;
    std::chrono::milliseconds load{2000}; ///< length of each load
    int rounds = 3;
    std::size_t names = 10000;
    std::size_t entries = 100000;

    bool wants(const std::string& subject) const;
    bool wantsPart(const std::string& part) const;
};

/// Reads the command line. Prints help or an error and gives nothing where the program should end
/// with exitCode.
std::optional<BenchOptions> readOptions(int argc, char** argv, int& exitCode);

} // namespace sotto::bench
