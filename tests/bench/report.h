// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench_options.h"
#include "goals.h"
#include "machine.h"
#include "measures.h"
#include "micro.h"

#include <string>
#include <vector>

namespace sotto::bench {

/// All that a run brought.
struct Report {
    BenchOptions options;
    Machine machine;
    std::string suite;   ///< Debian's, of the peers
    std::string dnsperf; ///< its version; empty: there was none
    double loadBefore = 0;
    double loadAfter = 0;
    double othersShare = 0;         ///< of the machine's processor time during the run
    std::string noLink;             ///< why nothing was measured over a link; empty: it was
    std::vector<double> roundTrips; ///< over the link, in ms, sorted
    std::vector<SubjectResult> results;
    std::vector<MicroFigure> micro;
};

/// All that concern what was measured.
std::vector<Goal> goalsOf(const Report& report);
/// The tables for people.
void printReport(const Report& report);
/// Everything as JSON; false where the file cannot be written.
[[nodiscard]] bool writeJson(const Report& report);

} // namespace sotto::bench
