// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "measures.h"

#include <string>
#include <vector>

namespace sotto::bench {

/// What Sotto sets out to reach, and whether this run shows it. Information, no verdict: figures of
/// a busy machine say little.
struct Goal {
    std::string what;
    double figure = 0; ///< Sotto's
    double bound = 0;
    bool atMost = true; ///< the figure shall be at most the bound; else at least
    std::string unit;
    std::string boundFrom; ///< where the bound comes from

    bool known() const { return figure > 0 && bound > 0; }
    bool reached() const { return known() && (atMost ? figure <= bound : figure >= bound); }
};

std::vector<Goal> goalsOf(const std::vector<SubjectResult>& results);

} // namespace sotto::bench
