// SPDX-License-Identifier: GPL-3.0-or-later
#include "report.h"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace sotto::bench {

namespace {

/// One column of figures: from a measure as it is, or divided by a reference.
struct Column {
    std::string title;
    std::string unit;
    std::string measure;
    std::optional<double> divisor = 1;
    int decimals = 0;
};

/// The share of the machine that others may use in a run to rely on.
constexpr double kQuiet = 0.05;

constexpr int kNameWidth = 17;
constexpr int kVersionWidth = 10;

/// Debian's version without epoch and revision.
std::string shortVersion(std::string version) {
    version.erase(0, version.find(':') + 1);
    return version.substr(0, version.find_first_of("-+"));
}

std::string number(double value, int decimals) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

void printTable(const Report& report, const char* title, const std::vector<Column>& columns) {
    const auto hasFigure = [&](const Column& column) {
        return std::any_of(report.results.begin(), report.results.end(),
                           [&](const SubjectResult& result) { return result.of(column.measure); });
    };
    if (std::none_of(columns.begin(), columns.end(), hasFigure))
        return;
    std::printf("\n%s\n", title);
    const auto line = [&](const std::string& name, const std::string& version, auto cell) {
        std::printf("  %-*s %-*s", kNameWidth, name.c_str(), kVersionWidth, version.c_str());
        for (const Column& column : columns)
            std::printf(" %9s", cell(column).c_str());
        std::printf("\n");
    };
    line("", "", [](const Column& column) { return column.title; });
    line("", "", [](const Column& column) { return column.unit; });
    for (const SubjectResult& result : report.results) {
        if (std::none_of(columns.begin(), columns.end(), [&](const Column& column) {
                return result.of(column.measure).has_value();
            }))
            continue;
        const char* const mark = result.faults.empty() ? "" : " *";
        line(result.subject.name + mark, shortVersion(result.subject.version),
             [&](const Column& column) -> std::string {
                 const auto figure = result.of(column.measure);
                 if (!figure || !column.divisor)
                     return "-";
                 return number(*figure / *column.divisor, column.decimals);
             });
    }
}

std::optional<double> echoOf(const Report& report, const char* measure) {
    return figureOf(report.results, kEchoName, measure);
}

void printNotes(const Report& report) {
    for (const SubjectResult& result : report.results) {
        for (const std::string& fault : result.faults)
            std::printf("  * %s: %s\n", result.subject.name.c_str(), fault.c_str());
    }
    for (const SubjectResult& result : report.results) {
        if (!result.subject.absent.empty())
            std::printf("  not measured: %s%s%s: %s\n", result.subject.name.c_str(),
                        result.subject.version.empty() ? "" : " ",
                        shortVersion(result.subject.version).c_str(),
                        result.subject.absent.c_str());
    }
    for (const SubjectResult& result : report.results) {
        if (result.subject.absent.empty() && !result.subject.remark.empty())
            std::printf("  %s %s\n", result.subject.name.c_str(), result.subject.remark.c_str());
    }
}

void printGoals(const std::vector<Goal>& goals) {
    std::printf("\nWhat Sotto is to reach\n");
    for (const Goal& goal : goals) {
        if (!goal.known()) {
            std::printf("  ?        %-31s not measured\n", goal.what.c_str());
            continue;
        }
        const int decimals = *goal.bound < 100 ? 2 : 0;
        std::printf("  %-8s %-31s %10s %-3s, to be %s %s%s%s\n",
                    goal.reached() ? "reached" : "MISSED", goal.what.c_str(),
                    number(*goal.figure, decimals).c_str(), goal.unit.c_str(),
                    goal.atMost ? "at most" : "at least", number(*goal.bound, decimals).c_str(),
                    goal.boundFrom.empty() ? "" : ": ", goal.boundFrom.c_str());
    }
}

void printMicro(const std::vector<MicroFigure>& figures) {
    std::printf("\nSteps of a hit, in memory (ns a call: median, least, most)\n");
    for (const MicroFigure& figure : figures) {
        const auto [least, most] = std::minmax_element(figure.nanos.begin(), figure.nanos.end());
        std::printf("  %-28s %8.1f %8.1f %8.1f\n", figure.step.c_str(), median(figure.nanos),
                    *least, *most);
    }
}

/// The link's, in ms.
double roundTrip(const Report& report) {
    return quantile(report.roundTrips, 0.5);
}

void printCacheTables(const Report& report) {
    const auto& results = report.results;
    printTable(report, "Answers from the cache (medians)",
               {
                   {"UDP", "1/s", measure::kUdpRate},
                   {"CPU", "us", measure::kUdpCpu, 1, 2},
                   {"CPU", "/echo", measure::kUdpCpu, echoOf(report, measure::kUdpCpu), 2},
                   {"CPU", "/best peer", measure::kUdpCpu,
                    bestPeer(results, measure::kUdpCpu, true).figure, 2},
                   {"UDP full", "1/s", measure::kFullRate},
                   {"CPU", "us", measure::kFullCpu, 1, 2},
                   {"CPU", "/echo", measure::kFullCpu, echoOf(report, measure::kFullCpu), 2},
                   {"TCP", "1/s", measure::kTcpRate},
                   {"CPU", "us", measure::kTcpCpu, 1, 2},
                   {"CPU", "/echo", measure::kTcpCpu, echoOf(report, measure::kTcpCpu), 2},
                   {"CPU", "/best peer", measure::kTcpCpu,
                    bestPeer(results, measure::kTcpCpu, true).figure, 2},
               });
    printTable(report, "Latency, memory, start, misses (medians)",
               {
                   {"hit p50", "us", measure::kP50, 1, 1},
                   {"p50", "/echo", measure::kP50, echoOf(report, measure::kP50), 2},
                   {"hit p99", "us", measure::kP99, 1, 1},
                   {"idle", "MB", measure::kIdle, 1, 1},
                   {"filled", "MB", measure::kFilled, 1, 1},
                   {"an entry", "B", measure::kEntry},
                   {"start", "ms", measure::kStart, 1, 1},
                   {"miss CPU", "us", measure::kMissCpu, 1, 1},
               });
}

void printUpstreamTables(const Report& report) {
    if (!report.noLink.empty()) {
        std::printf("\nNot measured over a link: %s\n", report.noLink.c_str());
        return;
    }
    if (report.roundTrips.empty())
        return;
    const auto best = [&](const char* measure, bool lowerIsBetter) {
        return bestPeer(report.results, measure, lowerIsBetter).figure;
    };
    const double trip = roundTrip(report);
    std::printf("\nOver a link with a round trip of %.2f ms (median; %.2f at most)\n", trip,
                report.roundTrips.back());
    printTable(report, "Uncached at full load, over the link without its delay (medians)",
               {
                   {"rate", "1/s", measure::kNewRate},
                   {"rate", "/best peer", measure::kNewRate, best(measure::kNewRate, false), 2},
                   {"CPU", "us", measure::kNewCpu, 1, 2},
                   {"CPU", "/best peer", measure::kNewCpu, best(measure::kNewCpu, true), 2},
                   {"failed", "%", measure::kNewFailed, 1, 2},
               });
    printTable(
        report,
        "Uncached, with the delay (medians); of two providers one answers 1 in 40 after 500 ms",
        {
            {"CPU", "us", measure::kFarCpu, 1, 2},
            {"CPU", "/best peer", measure::kFarCpu, best(measure::kFarCpu, true), 2},
            {"failed", "%", measure::kFarFailed, 1, 2},
            {"p50", "ms", measure::kFarP50, 1, 2},
            {"p99", "ms", measure::kFarP99, 1, 2},
            {"slow p99", "ms", measure::kSlowP99, 1, 1},
            {"more asked", "%", measure::kSlowExtra, 1, 1},
        });
    printTable(report, "The first question, in round trips (medians)",
               {
                   {"start", "+0.5 s", measure::kFirstAfterStart, trip, 2},
                   {"network", "+0.5 s", measure::kFirstAfterNetwork, trip, 2},
                   {"not con-", "nected", measure::kFirstUnconnected, trip, 2},
                   {"early", "data", measure::kFirstEarly, trip, 2},
                   {"Fast", "Open", measure::kFirstFastOpen, trip, 2},
                   {"both", "", measure::kFirstBoth, trip, 2},
                   {"idle 5 s", "", measure::kIdleShort, trip, 2},
                   {"idle 30 s", "", measure::kIdleLong, trip, 2},
                   {"idle 15 s", "closed", measure::kIdleClosed, trip, 2},
               });
    printTable(report, "Of two providers one fails: of 2000 queries lost, and answered by an error",
               {
                   {"killed", "lost", measure::kKilledLost},
                   {"", "failed", measure::kKilledFailed},
                   {"hung", "lost", measure::kHungLost},
                   {"", "failed", measure::kHungFailed},
                   {"cut off", "lost", measure::kCutLost},
                   {"", "failed", measure::kCutFailed},
               });
    printTable(report, "No provider for 5 s: closed ports, or silence",
               {
                   {"refused", "cached bad", measure::kRefusedCached},
                   {"", "stale bad", measure::kRefusedStale},
                   {"error", "within ms", measure::kRefusedFailing},
                   {"back", "after ms", measure::kRefusedBack},
                   {"silent", "cached bad", measure::kSilentCached},
                   {"", "stale bad", measure::kSilentStale},
                   {"error", "within ms", measure::kSilentFailing},
                   {"back", "after ms", measure::kSilentBack},
               });
}

} // namespace

std::vector<Goal> goalsOf(const Report& report) {
    std::vector<Goal> goals;
    if (report.options.wantsPart(part::kCache))
        goals = cacheGoals(report.results);
    if (!report.roundTrips.empty()) {
        const auto more = upstreamGoals(report.results, roundTrip(report));
        goals.insert(goals.end(), more.begin(), more.end());
    }
    return goals;
}

void printReport(const Report& report) {
    std::printf("\n%s, %u cores, %s\n", report.machine.processor.c_str(), report.machine.cores,
                report.machine.kernel.c_str());
    std::printf("peers: Debian %s; dnsperf %s; %d rounds, %.1f s a load, %zu names\n",
                report.suite.c_str(), shortVersion(report.dnsperf).c_str(), report.options.rounds,
                static_cast<double>(report.options.load.count()) / 1000, report.options.names);
    std::printf(
        "load average %.2f before, %.2f after; others used %.0f %% of the machine meanwhile\n",
        report.loadBefore, report.loadAfter, report.othersShare * 100);
    if (report.othersShare > kQuiet)
        std::printf(
            "THE MACHINE WAS BUSY: rates and latencies are too bad, ratios are uncertain\n");
    printCacheTables(report);
    printUpstreamTables(report);
    std::printf("\n");
    for (const SubjectResult& result : report.results) {
        if (result.subject.absent.empty() && !result.subject.upstream.empty())
            std::printf("  %-*s asks in %s\n", kNameWidth, result.subject.name.c_str(),
                        result.subject.upstream.c_str());
    }
    printNotes(report);
    printGoals(goalsOf(report));
    if (!report.micro.empty())
        printMicro(report.micro);
}

} // namespace sotto::bench
