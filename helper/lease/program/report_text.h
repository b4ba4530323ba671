// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"

namespace sotto::lease {

/// A report for people, in lines. stateUnknown: why the lease cannot be seen; empty where it can.
QString textOf(const Report& report, const QString& stateUnknown);

} // namespace sotto::lease
