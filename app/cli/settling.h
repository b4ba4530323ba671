// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session.h"

namespace sotto::cli {

/// Waits until the system's DNS is as it was asked for (wantsOn), or has come to a stop elsewhere,
/// for some seconds at the most, and gives the newest status. What the service knows from before a
/// request is not yet its outcome.
protocol::Status settled(Session& session, protocol::Status status, bool wantsOn);

/// Prints what became of the switch, and of the system's DNS with it; complains where that is not
/// as it should be.
ExitCode showSwitched(Session& session, const protocol::Status& status);

} // namespace sotto::cli
