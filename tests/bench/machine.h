// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace sotto::bench {

/// What the figures depend on, as the system tells it.
struct Machine {
    std::string processor;
    unsigned cores = 0;
    std::string kernel;

    static Machine current();
};

/// The load average of the last minute: above 1 before the first round, others were at work.
double loadAverage();

} // namespace sotto::bench
