// SPDX-License-Identifier: GPL-3.0-or-later
#include "timed_load.h"
#include "upstream_rounds/upstream_rounds.h"

#include <array>

namespace sotto::bench {

namespace {

constexpr int kPerSecond = 500;
constexpr std::size_t kQueries = 2000;
constexpr auto kStrike = std::chrono::milliseconds(1000);

} // namespace

void UpstreamRounds::measureFaults(SubjectResult& result) {
    measureFault(result, Fault::Killed, measure::kKilledLost, measure::kKilledFailed);
    measureFault(result, Fault::Hung, measure::kHungLost, measure::kHungFailed);
    measureFault(result, Fault::CutOff, measure::kCutLost, measure::kCutFailed);
}

void UpstreamRounds::strike(Fault fault, std::size_t provider) {
    switch (fault) {
    case Fault::Killed:
        m_far.provider(provider).kill();
        break;
    case Fault::Hung:
        m_far.provider(provider).hang();
        break;
    case Fault::CutOff:
        m_far.network().link().cut(FarNetwork::kLastOctets[provider]);
        break;
    }
}

/// The provider that is asked more is the one that fails.
void UpstreamRounds::measureFault(SubjectResult& result, Fault fault, const char* lost,
                                  const char* failed) {
    m_far.mend();
    const Process process = startWarm(result, twoProviders());
    if (!process)
        return;
    std::array<std::uint64_t, FarSide::kProviders> before{};
    for (std::size_t i = 0; i < before.size(); ++i)
        before[i] = m_far.provider(i).control().queries;
    const auto asked = [&](std::size_t i) {
        return m_far.provider(i).control().queries - before[i];
    };
    TimedLoad load;
    load.perSecond = kPerSecond;
    load.events = {{kStrike, [&] { strike(fault, asked(1) > asked(0) ? 1 : 0); }}};
    std::size_t withoutAnswer = 0;
    std::size_t withError = 0;
    for (const Fate& fate : askTimed(result.subject.port, makeQueries("fault", kQueries), load)) {
        withoutAnswer += !fate.isAnswered();
        withError += fate.isAnswered() && !fate.good();
    }
    noteEnd(result, *process);
    result.add(lost, static_cast<double>(withoutAnswer));
    result.add(failed, static_cast<double>(withError));
}

} // namespace sotto::bench
