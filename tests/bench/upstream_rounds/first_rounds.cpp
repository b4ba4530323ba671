// SPDX-License-Identifier: GPL-3.0-or-later
#include "timed_load.h"
#include "upstream_rounds/upstream_rounds.h"

#include <thread>
#include <utility>

namespace sotto::bench {

namespace {

using std::chrono::milliseconds;

/// Before the first query: what is to be ready by then has been told half a second.
constexpr auto kReady = milliseconds(500);
constexpr auto kNetworkGone = milliseconds(1500);
constexpr auto kQuickRest = milliseconds(5000);
/// One for the connection at the start, and some to be left.
constexpr int kTickets = 4;
constexpr int kQueriesOfEarlierRun = 20;

} // namespace

/// Ways to spare round trips with what an earlier run left behind.
struct UpstreamRounds::Resumption {
    const char* measure;
    const char* settings;
    bool early;
    bool fastOpen;
};

void UpstreamRounds::measureFirst(SubjectResult& result) {
    static constexpr Resumption kResumptions[] = {
        {measure::kFirstEarly, "[forward]\nearly_data = true\n", true, false},
        {measure::kFirstFastOpen, "[forward]\ntcp_fast_open = true\n", false, true},
        {measure::kFirstBoth, "[forward]\nearly_data = true\ntcp_fast_open = true\n", true, true},
    };
    m_far.mend();
    if (const Process process = start(result, oneProvider())) {
        std::this_thread::sleep_for(kReady);
        askFirst(result, measure::kFirstAfterStart);
    }
    measureNetworkUp(result);
    measureUnconnected(result);
    if (result.subject.kind == Subject::Kind::Sotto) {
        for (const Resumption& how : kResumptions)
            measureResumption(result, how);
    }
}

/// Meanwhile the provider has given up the connection, as after a sleep; the client learns of it
/// only from its network's return, or by asking.
void UpstreamRounds::measureNetworkUp(SubjectResult& result) {
    m_far.mend();
    const Process process = startWarm(result, oneProvider());
    if (!process)
        return;
    FarNetwork::lowerNearEnd();
    m_far.provider(0).closeConnections();
    std::this_thread::sleep_for(kNetworkGone);
    FarNetwork::raiseNearEnd();
    std::this_thread::sleep_for(kReady);
    askFirst(result, measure::kFirstAfterNetwork);
}

void UpstreamRounds::measureUnconnected(SubjectResult& result) {
    m_far.mend();
    m_far.provider(0).control().tickets = 0;
    const Process process = startWarm(result, oneProvider());
    if (!process)
        return;
    m_far.provider(0).closeConnections();
    std::this_thread::sleep_for(kReady);
    askFirst(result, measure::kFirstUnconnected);
}

void UpstreamRounds::measureResumption(SubjectResult& result, const Resumption& how) {
    m_far.mend();
    ProviderControl& control = m_far.provider(0).control();
    control.tickets = kTickets;
    Situation situation = oneProvider();
    situation.settings = how.settings;
    {
        const Process earlier = startWarm(result, situation);
        if (!earlier)
            return;
        askOnce(result.subject.port, makeQueries("earlier", kQueriesOfEarlierRun), 1);
        if (!earlier->stop()) {
            result.addFault(std::string(how.measure) + ": it did not end when asked to");
            return;
        }
    }
    // From here on no ticket is given, so that one that is used is of the earlier run.
    control.tickets = 0;
    situation.keepState = true;
    const Process process = start(result, situation);
    if (!process)
        return;
    std::this_thread::sleep_for(kReady);
    m_far.provider(0).closeConnections();
    std::this_thread::sleep_for(kReady);
    const auto early = control.early.load();
    const auto fastOpened = control.fastOpened.load();
    askFirst(result, how.measure);
    if (how.early && control.early == early)
        result.addFault(std::string(how.measure) + ": no early data came");
    if (how.fastOpen && control.fastOpened == fastOpened)
        result.addFault(std::string(how.measure) + ": no connection was opened fast");
}

void UpstreamRounds::measureIdle(std::vector<SubjectResult>& results) {
    struct Rest {
        const char* measure;
        milliseconds lasts;
        milliseconds providerCloses;
    };
    static constexpr Rest kRests[] = {
        {measure::kIdleShort, milliseconds(5000), milliseconds(0)},
        {measure::kIdleLong, milliseconds(30000), milliseconds(0)},
        {measure::kIdleClosed, milliseconds(15000), milliseconds(10000)},
    };
    for (const Rest& rest : kRests) {
        if (m_options.quick && rest.lasts > kQuickRest)
            continue;
        m_far.mend();
        m_far.provider(0).control().idleCloseMillis = rest.providerCloses.count();
        std::vector<std::pair<SubjectResult*, Process>> running;
        for (SubjectResult& result : results) {
            if (!takesPart(result.subject))
                continue;
            if (Process process = startWarm(result, oneProvider()))
                running.emplace_back(&result, std::move(process));
        }
        // Those that were started first have rested already.
        for (const auto& [result, process] : running)
            askOne(result->subject.port, makeQueries("before", 1).front(), kQuickRest);
        std::this_thread::sleep_for(rest.lasts);
        for (const auto& [result, process] : running)
            askFirst(*result, rest.measure);
    }
}

} // namespace sotto::bench
