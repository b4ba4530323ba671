// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"

namespace sotto::lease {

/// A report for people, in lines. stateKnown: false where this user may not see the lease.
QString textOf(const Report& report, bool stateKnown);

} // namespace sotto::lease
