// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "subject.h"

#include <map>
#include <string>
#include <vector>

namespace sotto::bench {

/// What is measured, by the names that the JSON file has.
namespace measure {
inline constexpr const char* kUdpRate = "udp_queries_per_s";
inline constexpr const char* kUdpCpu = "udp_cpu_us";
inline constexpr const char* kTcpRate = "tcp_queries_per_s";
inline constexpr const char* kTcpCpu = "tcp_cpu_us";
inline constexpr const char* kFullRate = "saturated_udp_queries_per_s";
inline constexpr const char* kFullCpu = "saturated_udp_cpu_us";
inline constexpr const char* kP50 = "hit_p50_us";
inline constexpr const char* kP99 = "hit_p99_us";
inline constexpr const char* kMissCpu = "uncached_cpu_us";
inline constexpr const char* kIdle = "idle_mb";
inline constexpr const char* kFilled = "filled_mb";
inline constexpr const char* kEntry = "bytes_per_entry";
inline constexpr const char* kStart = "start_ms";
} // namespace measure

/// What came out for one subject.
struct SubjectResult {
    Subject subject;
    std::map<std::string, std::vector<double>> samples; ///< by measure, one a round
    std::vector<std::string> faults; ///< what makes its figures doubtful, as sentences

    /// The median of a measure; 0 where there is none.
    double of(const std::string& measure) const;
};

double median(std::vector<double> values);

/// A subject's result by its name; null where there is none.
const SubjectResult* find(const std::vector<SubjectResult>& results, const std::string& name);
/// The best figure of the peers, and whose it is; 0 where there is none.
struct Best {
    double figure = 0;
    std::string name;
};
Best bestPeer(const std::vector<SubjectResult>& results, const std::string& measure,
              bool lowerIsBetter);

} // namespace sotto::bench
