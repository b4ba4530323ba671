// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/steps.h"
#include "systemdns/detection.h"

namespace sotto::lease {

/// What stands of Sotto's in the system where no usable record tells of it: somebody has removed
/// the record, or it is damaged.
struct Leftovers {
    QList<systemdns::MechanismId> mechanisms;
    systemdns::Target target; ///< whom the system asks because of the first of them
    QString reason;           ///< why it is there and what to do, for people
    bool mayGo = false;       ///< taking it away may succeed later without anybody's doing

    bool isEmpty() const { return mechanisms.isEmpty(); }
};

/// Looks only.
Leftovers leftoversOf(const systemdns::Mechanisms& mechanisms);
/// Takes away what goes without knowing what was before; gives what stands after that.
Leftovers clearLeftovers(const systemdns::Mechanisms& mechanisms, const Steps& steps = {});

} // namespace sotto::lease
