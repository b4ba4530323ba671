// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_load.h"
#include "timed_load.h"
#include "upstream_rounds/upstream_rounds.h"

#include <algorithm>

namespace sotto::bench {

namespace {

/// In flight where the way takes no time, and where it does.
constexpr std::size_t kNearWindow = 256;
constexpr std::size_t kFarWindow = 1000;
/// No subject answers so many.
constexpr double kMostPerSecond = 150000;
constexpr std::size_t kWarmNames = 2000;
constexpr int kTailPerSecond = 1000;
constexpr int kSlowPerSecond = 500;
constexpr unsigned kSlowOneIn = 40;
constexpr std::int64_t kSlowMillis = 500;
constexpr auto kLeastTail = std::chrono::milliseconds(2000);
constexpr auto kLeastSlow = std::chrono::milliseconds(6000);

/// Queries for a load that lasts as long as asked for, and in a run that is to say something long
/// enough for its p99.
std::size_t amount(const BenchOptions& options, int perSecond, std::chrono::milliseconds least) {
    const auto duration = options.quick ? options.load : std::max(least, options.load);
    return static_cast<std::size_t>(perSecond * duration.count() / 1000);
}

/// How long the good answers took; and how many others there are.
std::vector<double> sortedMillis(const std::vector<Fate>& fates, std::size_t& bad) {
    std::vector<double> millis;
    bad = 0;
    for (const Fate& fate : fates) {
        if (fate.good())
            millis.push_back(fate.millis());
        else
            ++bad;
    }
    std::sort(millis.begin(), millis.end());
    return millis;
}

void noteBad(SubjectResult& result, const char* load, std::size_t bad, std::size_t all) {
    if (bad > 0)
        result.addFault(std::string(load) + ": of " + std::to_string(all) + " queries " +
                        std::to_string(bad) + " had no good answer");
}

} // namespace

/// Where the answers go, and whose load it is.
struct UpstreamRounds::FullLoad {
    std::chrono::milliseconds roundTrip;
    std::size_t window;
    const char* rate; ///< null: over a way of some length the relay is what limits it
    const char* cpu;
    const char* failed;
};

void UpstreamRounds::measureFull(SubjectResult& result) {
    measureFull(result, {std::chrono::milliseconds(0), kNearWindow, measure::kNewRate,
                         measure::kNewCpu, measure::kNewFailed});
    measureFull(result,
                {FarSide::kRoundTrip, kFarWindow, nullptr, measure::kFarCpu, measure::kFarFailed});
}

void UpstreamRounds::measureFull(SubjectResult& result, const FullLoad& load) {
    m_far.mend();
    m_far.network().link().setRoundTrip(load.roundTrip);
    const Process process = startWarm(result, oneProvider());
    if (!process)
        return;
    const std::uint16_t port = result.subject.port;
    askOnce(port, makeQueries("warm", kWarmNames), load.window);
    const auto queries = makeQueries(
        "full", static_cast<std::size_t>(kMostPerSecond *
                                         std::chrono::duration<double>(m_options.load).count()));
    const auto before = process->cpuTime();
    const LoadResult came = askWithin(port, queries, load.window, m_options.load);
    const std::chrono::duration<double, std::micro> cpu = process->cpuTime() - before;
    noteEnd(result, *process);
    const double bad = static_cast<double>(came.lost + came.failed + came.empty);
    const double asked = static_cast<double>(came.answered + came.lost);
    const double good = asked - bad;
    if (good <= 0) {
        result.addFault("uncached at full load: no good answer came");
        return;
    }
    if (load.rate)
        result.add(load.rate, good / std::chrono::duration<double>(came.took).count());
    result.add(load.cpu, cpu.count() / good);
    result.add(load.failed, 100 * bad / asked);
}

void UpstreamRounds::measureTail(SubjectResult& result) {
    m_far.mend();
    if (const Process process = startWarm(result, oneProvider())) {
        TimedLoad load;
        load.perSecond = kTailPerSecond;
        const auto queries = makeQueries("tail", amount(m_options, kTailPerSecond, kLeastTail));
        std::size_t bad = 0;
        const auto millis = sortedMillis(askTimed(result.subject.port, queries, load), bad);
        noteBad(result, "uncached at an even pace", bad, queries.size());
        noteEnd(result, *process);
        if (!millis.empty()) {
            result.add(measure::kFarP50, quantile(millis, 0.5));
            result.add(measure::kFarP99, quantile(millis, 0.99));
        }
    }
    measureSlow(result);
}

void UpstreamRounds::measureSlow(SubjectResult& result) {
    m_far.mend();
    Situation situation = twoProviders();
    situation.settings = "policy = \"race\"\n";
    const Process process = startWarm(result, situation);
    if (!process)
        return;
    TimedLoad load;
    load.perSecond = kSlowPerSecond;
    // What is usual is learnt before anything is late.
    askTimed(result.subject.port, makeQueries("usual", kSlowPerSecond), load);
    m_far.provider(0).control().slowMillis = kSlowMillis;
    m_far.provider(0).control().slowOneIn = kSlowOneIn;
    const auto queries = makeQueries("slow", amount(m_options, kSlowPerSecond, kLeastSlow));
    const auto before = m_far.queries();
    std::size_t bad = 0;
    const auto millis = sortedMillis(askTimed(result.subject.port, queries, load), bad);
    const auto asked = static_cast<double>(m_far.queries() - before);
    noteBad(result, "with one slow provider", bad, queries.size());
    if (millis.empty())
        return;
    result.add(measure::kSlowP99, quantile(millis, 0.99));
    result.add(measure::kSlowExtra, 100 * (asked / static_cast<double>(queries.size()) - 1));
}

} // namespace sotto::bench
