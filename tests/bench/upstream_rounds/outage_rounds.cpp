// SPDX-License-Identifier: GPL-3.0-or-later
#include "timed_load.h"
#include "upstream_rounds/upstream_rounds.h"

#include <algorithm>
#include <array>

namespace sotto::bench {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr int kPerSecond = 150; // a third of it of each kind
constexpr auto kGone = milliseconds(1500);
constexpr auto kBack = kGone + milliseconds(5000);
/// How long its return is waited for, and how long the load goes on after it.
constexpr auto kReturnsWithin = milliseconds(15000);
constexpr auto kGoesOn = milliseconds(500);
/// Questions of this first time of the outage tell how long an error takes to come.
constexpr auto kFirstOfOutage = milliseconds(1000);
constexpr std::size_t kKeptNames = 20;

enum Kind { Cached, New, Stale };
constexpr std::size_t kKinds = 3;

Kind kindOf(std::size_t query) {
    return static_cast<Kind>(query % kKinds);
}

/// What is in the cache for a day, what nobody asked for yet, and what was in it for a second.
std::vector<Datagram> mixedQueries() {
    const auto count =
        static_cast<std::size_t>(kPerSecond * (kBack + kReturnsWithin) / milliseconds(1000));
    const auto cached = makeQueries("kept", kKeptNames);
    const auto fresh = makeQueries("fresh", count);
    const auto stale = makeQueries("brief", kKeptNames);
    std::vector<Datagram> queries;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t turn = i / kKinds % kKeptNames;
        switch (kindOf(i)) {
        case Cached:
            queries.push_back(cached[turn]);
            break;
        case New:
            queries.push_back(fresh[i]);
            break;
        case Stale:
            queries.push_back(stale[turn]);
            break;
        }
    }
    return queries;
}

/// When the first good answer to a new question came after the providers were back; negative: none.
nanoseconds returnOf(const std::vector<Fate>& fates, nanoseconds back) {
    nanoseconds first{-1};
    for (std::size_t i = 0; i < fates.size(); ++i) {
        if (kindOf(i) == New && fates[i].good() && fates[i].answered >= back &&
            (first.count() < 0 || fates[i].answered < first))
            first = fates[i].answered;
    }
    return first;
}

double millis(nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace

struct UpstreamRounds::Outage {
    bool silent; ///< behind a dead link; else the ports are closed
    const char* cached;
    const char* stale;
    const char* failing;
    const char* back;
};

void UpstreamRounds::measureOutages(SubjectResult& result) {
    measureOutage(result, {false, measure::kRefusedCached, measure::kRefusedStale,
                           measure::kRefusedFailing, measure::kRefusedBack});
    measureOutage(result, {true, measure::kSilentCached, measure::kSilentStale,
                           measure::kSilentFailing, measure::kSilentBack});
}

void UpstreamRounds::measureOutage(SubjectResult& result, const Outage& outage) {
    m_far.mend();
    Situation situation = twoProviders();
    situation.settings = "[cache]\nserve_stale = { enabled = true, for = \"1h\" }\n";
    const Process process = startWarm(result, situation);
    if (!process)
        return;
    TimedLoad load;
    load.perSecond = kPerSecond;
    load.events = {
        {kGone,
         [&] {
             for (std::size_t i = 0; i < FarSide::kProviders; ++i)
                 strike(outage.silent ? Fault::CutOff : Fault::Killed, i);
         }},
        {kBack,
         [&] {
             m_far.network().link().mend();
             for (std::size_t i = 0; i < FarSide::kProviders && !outage.silent; ++i)
                 m_far.provider(i).start();
         }},
    };
    load.enough = [&](const std::vector<Fate>& fates) {
        const auto asked = std::count_if(fates.begin(), fates.end(),
                                         [](const Fate& fate) { return fate.asked(); });
        const auto now = nanoseconds(std::chrono::seconds(1)) / kPerSecond * asked;
        if (now < kBack + kGoesOn)
            return false;
        const auto came = returnOf(fates, kBack);
        return came.count() >= 0 && now >= came + kGoesOn;
    };
    const auto fates = askTimed(result.subject.port, mixedQueries(), load);
    noteEnd(result, *process);

    std::array<double, kKinds> unanswered{};
    double failing = 0;
    for (std::size_t i = 0; i < fates.size(); ++i) {
        const Fate& fate = fates[i];
        if (!fate.asked() || fate.sent < kGone || fate.sent >= kBack)
            continue;
        unanswered[kindOf(i)] += !fate.good();
        if (kindOf(i) != New || fate.sent >= kGone + kFirstOfOutage)
            continue;
        failing = std::max(failing, fate.isAnswered() ? fate.millis() : millis(load.patience));
    }
    result.add(outage.cached, unanswered[Cached]);
    if (result.subject.kind == Subject::Kind::Sotto)
        result.add(outage.stale, unanswered[Stale]);
    result.add(outage.failing, failing);
    const auto came = returnOf(fates, kBack);
    if (came.count() >= 0)
        result.add(outage.back, millis(came - kBack));
    else
        result.addFault("after an outage it gave no good answer within 15 s");
}

} // namespace sotto::bench
