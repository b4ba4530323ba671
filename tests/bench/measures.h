// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "subject.h"

#include <map>
#include <optional>
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

// Of queries that upstreams answer, over a link; "far" and all below with its delay.
inline constexpr const char* kNewRate = "uncached_queries_per_s";
inline constexpr const char* kNewCpu = "full_uncached_cpu_us";
inline constexpr const char* kNewFailed = "full_uncached_failed_percent";
inline constexpr const char* kFarCpu = "far_full_uncached_cpu_us";
inline constexpr const char* kFarFailed = "far_full_uncached_failed_percent";
inline constexpr const char* kFarP50 = "far_p50_ms";
inline constexpr const char* kFarP99 = "far_p99_ms";
inline constexpr const char* kSlowP99 = "one_slow_p99_ms";
inline constexpr const char* kSlowExtra = "one_slow_extra_percent";
inline constexpr const char* kFirstAfterStart = "first_after_start_ms";
inline constexpr const char* kFirstAfterNetwork = "first_after_network_up_ms";
inline constexpr const char* kFirstUnconnected = "first_unconnected_ms";
inline constexpr const char* kFirstEarly = "first_early_data_ms";
inline constexpr const char* kFirstFastOpen = "first_fast_open_ms";
inline constexpr const char* kFirstBoth = "first_early_data_fast_open_ms";
inline constexpr const char* kIdleShort = "first_after_idle_5_s_ms";
inline constexpr const char* kIdleLong = "first_after_idle_30_s_ms";
inline constexpr const char* kIdleClosed = "first_after_idle_15_s_closed_at_10_ms";
inline constexpr const char* kKilledLost = "one_killed_lost";
inline constexpr const char* kKilledFailed = "one_killed_failed";
inline constexpr const char* kHungLost = "one_hung_lost";
inline constexpr const char* kHungFailed = "one_hung_failed";
inline constexpr const char* kCutLost = "one_cut_off_lost";
inline constexpr const char* kCutFailed = "one_cut_off_failed";
inline constexpr const char* kRefusedCached = "all_refuse_cached_unanswered";
inline constexpr const char* kRefusedStale = "all_refuse_stale_unanswered";
inline constexpr const char* kRefusedFailing = "all_refuse_failing_ms";
inline constexpr const char* kRefusedBack = "all_refuse_back_ms";
inline constexpr const char* kSilentCached = "all_silent_cached_unanswered";
inline constexpr const char* kSilentStale = "all_silent_stale_unanswered";
inline constexpr const char* kSilentFailing = "all_silent_failing_ms";
inline constexpr const char* kSilentBack = "all_silent_back_ms";
} // namespace measure

/// What came out for one subject.
struct SubjectResult {
    Subject subject;
    std::map<std::string, std::vector<double>> samples; ///< by measure, one a round
    std::vector<std::string> faults; ///< what makes its figures doubtful, as sentences

    /// The median of a measure, where it was measured.
    std::optional<double> of(const std::string& measure) const;
    void add(const std::string& measure, double figure) { samples[measure].push_back(figure); }
    /// Faults that differ in their numbers only are told once.
    void addFault(const std::string& fault);
};

double median(std::vector<double> values);
/// What so large a share of the values does not exceed.
double quantile(const std::vector<double>& sorted, double share);

/// A figure of a subject, where there are both.
std::optional<double> figureOf(const std::vector<SubjectResult>& results, const std::string& name,
                               const std::string& measure);
/// A subject's result by its name; null where there is none.
const SubjectResult* find(const std::vector<SubjectResult>& results, const std::string& name);
/// The best figure of the peers above zero, and whose it is.
struct Best {
    std::optional<double> figure;
    std::string name;
};
Best bestPeer(const std::vector<SubjectResult>& results, const std::string& measure,
              bool lowerIsBetter);

} // namespace sotto::bench
