// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_load.h"
#include "timed_load.h"
#include "upstream_rounds/upstream_rounds.h"

#include <algorithm>

namespace sotto::bench {

namespace {

/// On a way of 20 ms there: enough for a hundred thousand a second.
constexpr std::size_t kFullWindow = 2048;
/// No subject answers so many.
constexpr double kMostPerSecond = 150000;
constexpr std::size_t kWarmNames = 2000;
constexpr int kTailPerSecond = 1000;
constexpr int kSlowPerSecond = 500;
constexpr unsigned kSlowOneIn = 40;
constexpr std::int64_t kSlowMillis = 500;
constexpr auto kLeastTail = std::chrono::milliseconds(2000);
constexpr auto kLeastSlow = std::chrono::milliseconds(6000);

std::size_t amount(int perSecond, std::chrono::milliseconds duration) {
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

void UpstreamRounds::measureFull(SubjectResult& result) {
    m_far.mend();
    const Process process = startWarm(result, oneProvider());
    if (!process)
        return;
    const std::uint16_t port = result.subject.port;
    askOnce(port, makeQueries("warm", kWarmNames), kFullWindow / 4);
    const auto queries = makeQueries(
        "full", static_cast<std::size_t>(kMostPerSecond *
                                         std::chrono::duration<double>(m_options.load).count()));
    const auto before = process->cpuTime();
    const LoadResult came = askWithin(port, queries, kFullWindow, m_options.load);
    const std::chrono::duration<double, std::micro> cpu = process->cpuTime() - before;
    const double bad = static_cast<double>(came.lost + came.failed + came.empty);
    const double asked = static_cast<double>(came.answered + came.lost);
    const double good = asked - bad;
    if (good <= 0) {
        result.addFault("uncached at full load: no good answer came");
        return;
    }
    result.add(measure::kFarRate, good / std::chrono::duration<double>(came.took).count());
    result.add(measure::kFarCpu, cpu.count() / good);
    result.add(measure::kFarFailed, 100 * bad / asked);
}

void UpstreamRounds::measureTail(SubjectResult& result) {
    m_far.mend();
    if (const Process process = startWarm(result, oneProvider())) {
        TimedLoad load;
        load.perSecond = kTailPerSecond;
        const auto queries =
            makeQueries("tail", amount(kTailPerSecond, std::max(kLeastTail, m_options.load)));
        std::size_t bad = 0;
        const auto millis = sortedMillis(askTimed(result.subject.port, queries, load), bad);
        noteBad(result, "uncached at an even pace", bad, queries.size());
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
    const auto queries =
        makeQueries("slow", amount(kSlowPerSecond, std::max(kLeastSlow, m_options.load)));
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
