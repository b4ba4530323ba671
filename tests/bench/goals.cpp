// SPDX-License-Identifier: GPL-3.0-or-later
#include "goals.h"

namespace sotto::bench {

namespace {

// The share that may lie above the echo server's latency: less than two runs of it differ.
constexpr double kAsTheFloor = 1.05;
constexpr double kFloorShare = 1.2;
constexpr double kPeerShare = 0.8;
constexpr double kTcpMicros = 4.5;
constexpr double kEntryBytes = 150;
constexpr double kServiceMegabytes = 20;
constexpr double kEngineMegabytes = 10;
constexpr double kStartMillis = 14;
constexpr double kRecordsShare = 1.05;

} // namespace

std::optional<double> share(double of, std::optional<double> figure) {
    return figure ? std::optional(of * *figure) : std::nullopt;
}

std::vector<Goal> cacheGoals(const std::vector<SubjectResult>& results) {
    const auto sotto = [&](const char* measure) { return figureOf(results, kSottoName, measure); };
    const auto echo = [&](const char* measure) { return figureOf(results, kEchoName, measure); };
    const Best cpu = bestPeer(results, measure::kUdpCpu, true);
    const Best rate = bestPeer(results, measure::kUdpRate, false);
    const Best p99 = bestPeer(results, measure::kP99, true);
    const auto percent = [](double of) {
        return std::to_string(static_cast<int>(of * 100 + 0.5)) + " % of ";
    };
    return {
        {"CPU a cached UDP query", sotto(measure::kUdpCpu),
         share(kFloorShare, echo(measure::kUdpCpu)), true, "us", percent(kFloorShare) + "echo's"},
        {"CPU a cached UDP query", sotto(measure::kUdpCpu), share(kPeerShare, cpu.figure), true,
         "us", percent(kPeerShare) + cpu.name + "'s, the best peer's"},
        {"cached UDP queries a second", sotto(measure::kUdpRate), rate.figure, false, "1/s",
         rate.name + "'s, the best peer's"},
        {"hit latency p50", sotto(measure::kP50), share(kAsTheFloor, echo(measure::kP50)), true,
         "us", percent(kAsTheFloor) + "echo's"},
        {"hit latency p99", sotto(measure::kP99), p99.figure, true, "us",
         p99.name + "'s, the best peer's"},
        {"CPU a cached TCP query", sotto(measure::kTcpCpu), kTcpMicros, true, "us", ""},
        {"bytes an entry", sotto(measure::kEntry), kEntryBytes, true, "B", ""},
        {"memory idle, the service", sotto(measure::kIdle), kServiceMegabytes, true, "MB", ""},
        {"memory idle, the engine", figureOf(results, kEngineName, measure::kIdle),
         kEngineMegabytes, true, "MB", ""},
        {"exec to first answer", sotto(measure::kStart), kStartMillis, true, "ms", ""},
        {"CPU with query records", figureOf(results, kRecordingEngineName, measure::kUdpCpu),
         share(kRecordsShare, figureOf(results, kEngineName, measure::kUdpCpu)), true, "us",
         percent(kRecordsShare) + "the engine's without"},
    };
}

} // namespace sotto::bench
