// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session.h"

namespace sotto::cli {

/// How long the system's DNS is waited for.
struct SettlingPatience {
    int graceMillis = 2000; ///< in which a new request changes what was amiss before
    int longestMillis = 20'000;
};

/// How it ended, and what is to be said on standard error; empty where all is well.
struct SwitchOutcome {
    ExitCode code = Done;
    QString complaint;
};
/// Of the system's DNS, which should have become on or off. Pure. What is managed by hand is as it
/// should be.
SwitchOutcome outcomeOf(const protocol::SystemDns& system, bool wantsOn);

/// Waits until the system's DNS is as it was asked for (wantsOn), or has come to a stop elsewhere,
/// for some seconds at the most; status becomes the newest one. What the service knows from before
/// a request is not yet its outcome. Complains where it is not as it should be, or the service is
/// gone.
ExitCode settle(Session& session, protocol::Status& status, bool wantsOn,
                SettlingPatience patience = {});

/// The same, and prints what became of the switch, and of the system's DNS with it.
ExitCode settleSwitch(Session& session, protocol::Status status, bool wantsOn,
                      SettlingPatience patience = {});

} // namespace sotto::cli
