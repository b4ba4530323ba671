// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench_options.h"
#include "far/far_side.h"
#include "measures.h"

#include <memory>
#include <string>
#include <vector>

namespace sotto::bench {

/// Measures what subjects do with providers that are a round trip away, new, idle, slow or gone.
/// Every subject that asks over TLS is started anew for each measure.
class UpstreamRounds {
public:
    UpstreamRounds(const BenchOptions& options, FarSide& far);

    /// Whether a subject asks over TLS and is there to be measured.
    static bool takesPart(const Subject& subject);

    /// As many questions as it can answer, all of them new.
    void measureFull(SubjectResult& result);
    /// New questions at an even pace; then with a provider some of whose answers are late.
    void measureTail(SubjectResult& result);
    /// The first question after the start, after the network came back, without a connection, and
    /// with what an earlier run left behind.
    void measureFirst(SubjectResult& result);
    /// The first question after doing nothing; all at the same time, because it takes so long.
    void measureIdle(std::vector<SubjectResult>& results);
    /// One of two providers killed, hung, or behind a dead link.
    void measureFaults(SubjectResult& result);
    /// No provider at all for some seconds.
    void measureOutages(SubjectResult& result);

private:
    using Process = std::unique_ptr<MeasuredProcess>;
    enum class Fault { Killed, Hung, CutOff };
    struct FullLoad;
    struct Resumption;
    struct Outage;

    /// Waits until its port is bound, without asking; null, and a fault, where that does not come.
    Process start(SubjectResult& result, const Situation& situation);
    /// The same, until it has given an answer and had some time to rest.
    Process startWarm(SubjectResult& result, const Situation& situation);
    /// Asks for a name that nobody asked for; a fault where no good answer comes.
    void askFirst(SubjectResult& result, const char* measure);
    /// A fault where it has ended by itself.
    static void noteEnd(SubjectResult& result, const MeasuredProcess& process);
    void measureFull(SubjectResult& result, const FullLoad& load);
    void measureSlow(SubjectResult& result);
    void measureNetworkUp(SubjectResult& result);
    void measureUnconnected(SubjectResult& result);
    void measureResumption(SubjectResult& result, const Resumption& how);
    void measureFault(SubjectResult& result, Fault fault, const char* lost, const char* failed);
    void strike(Fault fault, std::size_t provider);
    void measureOutage(SubjectResult& result, const Outage& outage);

    const BenchOptions& m_options;
    FarSide& m_far;
    int m_firstNames = 0; ///< given out so far
};

/// The way to one of the far providers, or to both.
Situation oneProvider();
Situation twoProviders();

} // namespace sotto::bench
