// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "measures.h"

#include <optional>
#include <string>
#include <vector>

namespace sotto::bench {

/// What Sotto sets out to reach, and whether this run shows it. Information, no verdict: figures of
/// a busy machine say little.
struct Goal {
    std::string what;
    std::optional<double> figure; ///< Sotto's
    std::optional<double> bound;
    bool atMost = true; ///< the figure shall be at most the bound; else at least
    std::string unit;
    std::string boundFrom; ///< where the bound comes from

    bool known() const { return figure && bound; }
    bool reached() const { return known() && (atMost ? *figure <= *bound : *figure >= *bound); }
};

/// Of answers out of the cache.
std::vector<Goal> cacheGoals(const std::vector<SubjectResult>& results);
/// Of what comes from upstreams over a link with this round trip, in ms.
std::vector<Goal> upstreamGoals(const std::vector<SubjectResult>& results, double roundTrip);

/// A share of a figure, where there is one.
std::optional<double> share(double of, std::optional<double> figure);

} // namespace sotto::bench
