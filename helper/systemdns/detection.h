// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"

#include <memory>
#include <vector>

namespace sotto::systemdns {

/// Where the mechanisms look: the computer's own root and bus, or a test's.
struct Surroundings {
    QString root;       ///< ahead of every path; empty for the computer's own
    QString busAddress; ///< of the system bus; empty for the usual one
};

using Mechanisms = std::vector<std::unique_ptr<Mechanism>>;

/// All of this system's mechanisms, in the order in which they are tried.
Mechanisms allMechanisms(const Surroundings& surroundings);

/// What was found, and which of the mechanisms a lease is to use.
struct Detection {
    QList<Finding> findings; ///< one for each mechanism, in order
    QList<MechanismId>
        chosen; ///< applied in this order, restored in the opposite one; may be empty
    /// Not applied, but watched beside systemd-resolved: see Finding::leadsToResolved.
    QList<MechanismId> standby;
    QString reason; ///< why these, or why none
};

/// Chooses the first usable mechanism that supports the target, and the plain file beside
/// systemd-resolved where programs that read it would not come to resolved. wanted: only this one,
/// whatever comes before it; where it cannot be used, none is chosen.
Detection detect(const Mechanisms& mechanisms, const Target& target,
                 std::optional<MechanismId> wanted);

} // namespace sotto::systemdns
