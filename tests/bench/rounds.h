// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench_options.h"
#include "dnsperf.h"
#include "measures.h"
#include "upstreams.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::bench {

/// Starts one subject after the other and measures it alone; nobody else runs meanwhile. Only
/// answers out of the cache count: where a subject asks its upstream during a load, or answers
/// wrongly, that is a fault of the load's figures, which are then left out.
class Rounds {
public:
    Rounds(const BenchOptions& options, const Dnsperf& dnsperf, const Upstreams& upstreams);

    /// One round of one subject: its start, its memory, misses, hits over UDP and TCP, and their
    /// latency.
    void measureOnce(SubjectResult& result);
    /// What its memory grows by with many answers.
    void measureMemory(SubjectResult& result);

private:
    using Process = std::unique_ptr<MeasuredProcess>;

    Process start(SubjectResult& result, bool note);
    bool warm(SubjectResult& result, const MeasuredProcess& process);
    void measureDnsperf(SubjectResult& result, const MeasuredProcess& process,
                        Dnsperf::Transport transport);
    void measureSaturated(SubjectResult& result, const MeasuredProcess& process);
    void measureLatency(SubjectResult& result);
    std::size_t namesFor(const Subject& subject) const;
    bool comesFromCache(SubjectResult& result, const char* load, std::uint64_t asked,
                        std::uint64_t answered) const;

    const BenchOptions& m_options;
    const Dnsperf& m_dnsperf;
    const Upstreams& m_upstreams;
};

} // namespace sotto::bench
