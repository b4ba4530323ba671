// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_attempt.h"

namespace sotto::engine {

/// How much a failure to connect says: that a server is there and not to be trusted, more than
/// silence.
constexpr int weightOf(AttemptOutcome outcome) {
    switch (outcome) {
    case AttemptOutcome::Pending:
    case AttemptOutcome::Held:
        return 0;
    case AttemptOutcome::Unreachable:
    case AttemptOutcome::SystemFailure:
        return 1;
    case AttemptOutcome::ConnectTimeout:
    case AttemptOutcome::Refused:
        return 2;
    case AttemptOutcome::TlsTimeout:
    case AttemptOutcome::TlsFailed:
        return 3;
    default:
        return 4;
    }
}

} // namespace sotto::engine
