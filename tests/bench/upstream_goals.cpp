// SPDX-License-Identifier: GPL-3.0-or-later
#include "goals.h"

namespace sotto::bench {

namespace {

constexpr double kCpuMicros = 10;
constexpr double kRateShare = 1.3;
/// p50 and p99 differ by that much from run to run.
constexpr double kNoWorse = 1.02;
constexpr double kSlowMillis = 70;
constexpr double kSlowExtraPercent = 5;
// Beside the round trips, for everything that is to be computed.
constexpr double kHandshakeMillis = 3;
constexpr double kAnswerMillis = 2;
constexpr double kFailingRefusedMillis = 2000;
constexpr double kFailingSilentMillis = 4000;
constexpr double kBackMillis = 300;

} // namespace

std::vector<Goal> upstreamGoals(const std::vector<SubjectResult>& results, double roundTrip) {
    const auto sotto = [&](const char* measure) { return figureOf(results, kSottoName, measure); };
    const Best rate = bestPeer(results, measure::kNewRate, false);
    const Best p50 = bestPeer(results, measure::kFarP50, true);
    const Best p99 = bestPeer(results, measure::kFarP99, true);
    const auto trips = [roundTrip](int count, double beside) { return count * roundTrip + beside; };
    const auto none = [&](const char* what, const char* measure) {
        return Goal{what, sotto(measure), 0, true, "", ""};
    };
    return {
        {"CPU an uncached query", sotto(measure::kNewCpu), kCpuMicros, true, "us", ""},
        none("failed of these, in %", measure::kNewFailed),
        {"CPU an uncached query, 20 ms", sotto(measure::kFarCpu), kCpuMicros, true, "us", ""},
        none("failed of these, in %", measure::kFarFailed),
        {"uncached queries a second", sotto(measure::kNewRate), share(kRateShare, rate.figure),
         false, "1/s", "130 % of " + rate.name + "'s, the best peer's"},
        {"first, no connection", sotto(measure::kFirstUnconnected), trips(3, kHandshakeMillis),
         true, "ms", "3 round trips"},
        {"first, early data", sotto(measure::kFirstEarly), trips(2, kHandshakeMillis), true, "ms",
         "2 round trips"},
        {"first, Fast Open", sotto(measure::kFirstFastOpen), trips(2, kHandshakeMillis), true, "ms",
         "2 round trips"},
        {"first, both of them", sotto(measure::kFirstBoth), trips(1, kHandshakeMillis), true, "ms",
         "1 round trip"},
        {"first 0.5 s after start", sotto(measure::kFirstAfterStart), trips(1, kAnswerMillis), true,
         "ms", "1 round trip"},
        {"first 0.5 s after network up", sotto(measure::kFirstAfterNetwork),
         trips(1, kAnswerMillis), true, "ms", "1 round trip"},
        {"first after 5 s idle", sotto(measure::kIdleShort), trips(1, kAnswerMillis), true, "ms",
         "1 round trip"},
        {"first after 30 s idle", sotto(measure::kIdleLong), trips(1, kAnswerMillis), true, "ms",
         "1 round trip"},
        {"first after the provider closed", sotto(measure::kIdleClosed), trips(3, kHandshakeMillis),
         true, "ms", "3 round trips"},
        {"uncached latency p50", sotto(measure::kFarP50), share(kNoWorse, p50.figure), true, "ms",
         "102 % of " + p50.name + "'s, the best peer's"},
        {"uncached latency p99", sotto(measure::kFarP99), share(kNoWorse, p99.figure), true, "ms",
         "102 % of " + p99.name + "'s, the best peer's"},
        {"p99, one provider slow", sotto(measure::kSlowP99), kSlowMillis, true, "ms", ""},
        {"more queries for that", sotto(measure::kSlowExtra), kSlowExtraPercent, true, "%", ""},
        none("lost, one provider killed", measure::kKilledLost),
        none("failed, one provider killed", measure::kKilledFailed),
        none("lost, one provider hung", measure::kHungLost),
        none("failed, one provider hung", measure::kHungFailed),
        none("lost, one provider cut off", measure::kCutLost),
        none("failed, one provider cut off", measure::kCutFailed),
        none("cached unanswered, all refuse", measure::kRefusedCached),
        none("stale unanswered, all refuse", measure::kRefusedStale),
        {"error within, all refuse", sotto(measure::kRefusedFailing), kFailingRefusedMillis, true,
         "ms", ""},
        {"first after all refused", sotto(measure::kRefusedBack), kBackMillis, true, "ms", ""},
        none("cached unanswered, all silent", measure::kSilentCached),
        none("stale unanswered, all silent", measure::kSilentStale),
        {"error within, all silent", sotto(measure::kSilentFailing), kFailingSilentMillis, true,
         "ms", ""},
        {"first after all were silent", sotto(measure::kSilentBack), kBackMillis, true, "ms", ""},
    };
}

} // namespace sotto::bench
