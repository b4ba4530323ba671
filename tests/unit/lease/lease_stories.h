// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease_world.h"

namespace sotto::test {

/// What happens to a lease, one act after another.
struct LeaseStory {
    struct Act {
        enum class By { Service, Others };
        By by;
        std::function<void(LeaseWorld&)> run;
    };

    const char* name;
    QList<Act> acts;
    QList<QStringList> earlier; ///< what may be in the settings once the lease is over

    /// All of it, or only what comes without a service.
    void tell(LeaseWorld& world, const std::function<bool()>& serviceIsThere = {}) const {
        for (const Act& act : acts) {
            if (act.by == Act::By::Others || !serviceIsThere || serviceIsThere())
                act.run(world);
        }
    }
    /// Empty where the settings are ours and somebody listens, or what they may be.
    QString faultOfEnd(const LeaseWorld& world) const {
        QString fault;
        for (const QStringList& contents : earlier) {
            fault = world.faultOfEnd(contents);
            if (fault.isEmpty())
                break;
        }
        return fault;
    }
};

/// Taking, holding, verifying anew, yielding, taking over and giving back.
const QList<LeaseStory>& leaseStories();

} // namespace sotto::test
