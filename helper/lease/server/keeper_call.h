// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"

#include <variant>

namespace sotto::lease {

/// Why the running keeper could not be asked, in a sentence for people, without a full stop.
struct CallFault {
    QString reason;
};

/// Sends one request to the keeper that serves a path, and waits for its answer.
std::variant<Report, CallFault> askKeeper(const QString& socketPath, const Request& request,
                                          int timeoutMillis);

} // namespace sotto::lease
