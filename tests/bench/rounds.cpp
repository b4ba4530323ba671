// SPDX-License-Identifier: GPL-3.0-or-later
#include "rounds.h"

#include "first_answer.h"
#include "query_load.h"

#include <algorithm>
#include <cstdio>
#include <thread>

namespace sotto::bench {

namespace {

constexpr std::size_t kWindow = 64;
constexpr int kPacedPerSecond = 5000;
constexpr auto kSettle =
    std::chrono::milliseconds(300); // after the first answer, before memory is read
constexpr int kWarmTries = 5;
// Enough to have used every buffer, pool and log that does not grow with the cache.
constexpr std::size_t kWorkingNames = 5000;
/// Less cannot hold a name: the memory was set aside before.
constexpr double kLeastEntry = 16;
constexpr double kMegabyte = 1e6;
/// So many of a load's answers may have come from the upstream, or gone astray, before its figures
/// are left out.
constexpr double kTolerated = 0.001;

double megabytes(const MeasuredProcess& process) {
    return static_cast<double>(process.residentKib()) * 1024 / kMegabyte;
}

double micros(std::chrono::nanoseconds time, std::uint64_t answers) {
    return std::chrono::duration<double, std::micro>(time).count() /
           static_cast<double>(std::max<std::uint64_t>(answers, 1));
}

bool tolerable(std::uint64_t count, std::uint64_t answered) {
    return static_cast<double>(count) <= kTolerated * static_cast<double>(answered);
}

/// Notes what was lost or wrong; false where the figures cannot be used.
bool answersWell(SubjectResult& result, const char* load, std::uint64_t answered,
                 std::uint64_t lost, std::uint64_t wrong) {
    if (lost + wrong > 0)
        result.addFault(std::string(load) + ": of " + std::to_string(answered + lost) +
                        " queries " + std::to_string(lost) + " had no answer and " +
                        std::to_string(wrong) + " a wrong one");
    return answered > 0 && tolerable(lost + wrong, answered);
}

} // namespace

Rounds::Rounds(const BenchOptions& options, const Dnsperf& dnsperf, const Upstreams& upstreams)
    : m_options(options)
    , m_dnsperf(dnsperf)
    , m_upstreams(upstreams) {}

std::size_t Rounds::namesFor(const Subject& subject) const {
    return subject.cacheBound > 0 ? std::min(subject.cacheBound, m_options.names) : m_options.names;
}

Rounds::Process Rounds::start(SubjectResult& result, bool note) {
    const auto begun = std::chrono::steady_clock::now();
    Process process = result.subject.start({});
    const auto took =
        timeToFirstAnswer(result.subject.port, begun, [&] { return process->alive(); });
    if (took == std::chrono::nanoseconds::zero()) {
        result.subject.absent =
            (process->alive() ? "it gives no answer: " : "it ended: ") + lastWords(result.subject);
        return nullptr;
    }
    std::this_thread::sleep_for(kSettle);
    if (note && result.subject.kind != Subject::Kind::Echo) {
        result.samples[measure::kStart].push_back(
            std::chrono::duration<double, std::milli>(took).count());
        result.samples[measure::kIdle].push_back(megabytes(*process));
    }
    return process;
}

bool Rounds::comesFromCache(SubjectResult& result, const char* load, std::uint64_t asked,
                            std::uint64_t answered) const {
    if (tolerable(asked, answered))
        return true;
    result.addFault(std::string(load) + ": its upstream was asked " + std::to_string(asked) +
                    " times for " + std::to_string(answered) + " answers");
    return false;
}

bool Rounds::warm(SubjectResult& result, const MeasuredProcess& process) {
    if (!result.subject.caches)
        return result.subject.kind == Subject::Kind::Echo;
    const std::uint16_t port = result.subject.port;
    const auto queries = makeQueries("cached", namesFor(result.subject));
    const auto before = process.cpuTime();
    LoadResult load = askOnce(port, queries, kWindow);
    if (load.lost == 0 && load.failed + load.empty == 0)
        result.samples[measure::kMissCpu].push_back(
            micros(process.cpuTime() - before, load.answered));
    for (int i = 1; i < kWarmTries && load.lost + load.failed + load.empty > 0; ++i)
        load = askOnce(port, queries, kWindow);
    const auto asked = m_upstreams.queries();
    load = askOnce(port, queries, kWindow);
    return answersWell(result, "warming", load.answered, load.lost, load.failed + load.empty) &&
           comesFromCache(result, "warming", m_upstreams.queries() - asked, load.answered);
}

void Rounds::measureDnsperf(SubjectResult& result, const MeasuredProcess& process,
                            Dnsperf::Transport transport) {
    const bool udp = transport == Dnsperf::Transport::Udp;
    const char* const load = udp ? "cached UDP" : "cached TCP";
    // Some caches tell the transports apart.
    m_dnsperf.once(result.subject.port, transport, "cached", namesFor(result.subject));
    const auto asked = m_upstreams.queries();
    const auto before = process.cpuTime();
    const Dnsperf::Result came = m_dnsperf.load(result.subject.port, transport, "cached",
                                                namesFor(result.subject), m_options.load);
    const auto cpu = process.cpuTime() - before;
    if (!came.ran) {
        result.addFault(std::string(load) + ": dnsperf did not run to its end");
        return;
    }
    if (!answersWell(result, load, came.answered, came.lost(), came.failed) ||
        !comesFromCache(result, load, m_upstreams.queries() - asked, came.answered))
        return;
    result.samples[udp ? measure::kUdpRate : measure::kTcpRate].push_back(came.perSecond);
    result.samples[udp ? measure::kUdpCpu : measure::kTcpCpu].push_back(micros(cpu, came.answered));
}

void Rounds::measureSaturated(SubjectResult& result, const MeasuredProcess& process) {
    const auto queries = makeQueries("cached", namesFor(result.subject));
    const auto asked = m_upstreams.queries();
    const auto before = process.cpuTime();
    const LoadResult came = saturate(result.subject.port, queries, kWindow, m_options.load);
    const auto cpu = process.cpuTime() - before;
    if (!answersWell(result, "saturated UDP", came.answered, came.lost, came.failed) ||
        !comesFromCache(result, "saturated UDP", m_upstreams.queries() - asked, came.answered))
        return;
    result.samples[measure::kFullRate].push_back(static_cast<double>(came.answered) /
                                                 std::chrono::duration<double>(came.took).count());
    result.samples[measure::kFullCpu].push_back(micros(cpu, came.answered));
}

void Rounds::measureLatency(SubjectResult& result) {
    const auto queries = makeQueries("cached", namesFor(result.subject));
    const auto asked = m_upstreams.queries();
    const LoadResult came = paceUdp(result.subject.port, queries, kPacedPerSecond, m_options.load);
    if (!answersWell(result, "paced UDP", came.answered, came.lost, came.failed) ||
        !comesFromCache(result, "paced UDP", m_upstreams.queries() - asked, came.answered))
        return;
    result.samples[measure::kP50].push_back(quantile(came.latencyMicros, 0.5));
    result.samples[measure::kP99].push_back(quantile(came.latencyMicros, 0.99));
}

void Rounds::measureOnce(SubjectResult& result) {
    const Process process = start(result, true);
    if (!process || !warm(result, *process))
        return;
    measureDnsperf(result, *process, Dnsperf::Transport::Udp);
    measureSaturated(result, *process);
    if (result.subject.kind != Subject::Kind::Engine) {
        measureDnsperf(result, *process, Dnsperf::Transport::Tcp);
        measureLatency(result);
    }
    if (!process->alive())
        result.addFault("it ended meanwhile: " + lastWords(result.subject));
}

void Rounds::measureMemory(SubjectResult& result) {
    if (!result.subject.caches || result.subject.cacheBound > 0)
        return;
    const Process process = start(result, false);
    if (!process)
        return;
    const std::uint16_t port = result.subject.port;
    const auto work = makeQueries("working", kWorkingNames);
    askOnce(port, work, kWindow);
    saturate(port, work, kWindow, m_options.load);
    std::this_thread::sleep_for(kSettle);
    const double before = megabytes(*process);

    const auto queries = makeQueries("entry", m_options.entries);
    LoadResult load = askOnce(port, queries, kWindow);
    for (int i = 1; i < kWarmTries && load.lost + load.failed + load.empty > 0; ++i)
        load = askOnce(port, queries, kWindow);
    std::this_thread::sleep_for(kSettle);
    const double after = megabytes(*process);
    const auto asked = m_upstreams.queries();
    load = askOnce(port, queries, kWindow);
    if (!answersWell(result, "many answers", load.answered, load.lost, load.failed + load.empty) ||
        !comesFromCache(result, "many answers", m_upstreams.queries() - asked, load.answered))
        return;
    result.samples[measure::kFilled].push_back(after);
    const double bytes = (after - before) * kMegabyte / static_cast<double>(m_options.entries);
    if (bytes >= kLeastEntry)
        result.samples[measure::kEntry].push_back(bytes);
}

} // namespace sotto::bench
