// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream_rounds/upstream_rounds.h"

#include "bound_port.h"
#include "first_answer.h"
#include "timed_load.h"

#include <iterator>
#include <thread>

namespace sotto::bench {

namespace {

constexpr auto kRest = std::chrono::milliseconds(500);
constexpr auto kPatience = std::chrono::milliseconds(5000);

} // namespace

Situation oneProvider() {
    return {{FarNetwork::kAddresses[0]}, {}, false};
}

Situation twoProviders() {
    return {{std::begin(FarNetwork::kAddresses), std::end(FarNetwork::kAddresses)}, {}, false};
}

UpstreamRounds::UpstreamRounds(const BenchOptions& options, FarSide& far)
    : m_options(options)
    , m_far(far) {}

bool UpstreamRounds::takesPart(const Subject& subject) {
    return subject.absent.empty() && subject.asksOverTls() && subject.kind != Subject::Kind::Engine;
}

UpstreamRounds::Process UpstreamRounds::start(SubjectResult& result, const Situation& situation) {
    Process process = result.subject.start(situation);
    if (waitUntilBound(result.subject.port, [&] { return process->alive(); }))
        return process;
    result.addFault("over the link it does not start: " + lastWords(result.subject));
    return nullptr;
}

UpstreamRounds::Process UpstreamRounds::startWarm(SubjectResult& result,
                                                  const Situation& situation) {
    Process process = start(result, situation);
    if (!process)
        return nullptr;
    const auto took = timeToFirstAnswer(result.subject.port, std::chrono::steady_clock::now(),
                                        [&] { return process->alive(); });
    if (took == std::chrono::nanoseconds::zero()) {
        result.addFault("over the link it gives no answer: " + lastWords(result.subject));
        return nullptr;
    }
    std::this_thread::sleep_for(kRest);
    return process;
}

void UpstreamRounds::noteEnd(SubjectResult& result, const MeasuredProcess& process) {
    if (!process.alive())
        result.addFault("over the link it ended: " + lastWords(result.subject));
}

void UpstreamRounds::askFirst(SubjectResult& result, const char* measure) {
    const auto queries = makeQueries("new" + std::to_string(m_firstNames++) + "x", 1);
    const Fate fate = askOne(result.subject.port, queries.front(), kPatience);
    if (fate.good())
        result.add(measure, fate.millis());
    else
        result.addFault(std::string(measure) +
                        (fate.isAnswered() ? ": an error came" : ": no answer came"));
}

} // namespace sotto::bench
