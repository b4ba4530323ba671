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

/// How much of the machine's processor time others use: other programs, and other machines on the
/// same hardware. What children use counts once they have ended.
class OthersWork {
public:
    OthersWork();
    /// The share since this object was made.
    double share() const;

private:
    struct Ticks {
        double all = 0;
        double busy = 0;
    };
    static Ticks ofMachine();
    static double ofThisRun();

    Ticks m_machine;
    double m_run;
};

/// The load average of the last minute: above 1 before the first round, others were at work.
double loadAverage();

} // namespace sotto::bench
