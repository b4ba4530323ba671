// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/leftovers.h"

namespace sotto::lease {

using systemdns::Leftover;
using systemdns::Mechanism;

namespace {

void add(const Mechanism& mechanism, const Leftover& found, const QString& reason, Leftovers& all) {
    if (all.isEmpty())
        all.target = found.target;
    else
        all.reason += QStringLiteral("; ");
    all.mechanisms.append(mechanism.id());
    all.reason += reason;
}

QString withoutRecord(const Mechanism& mechanism, const char* what) {
    return QStringLiteral("%1: Sotto's settings stand there without a record of what was before, "
                          "and %2")
        .arg(systemdns::mechanismText(mechanism.id()), QLatin1String(what));
}

/// Empty once it is gone.
QString takeAway(Mechanism& mechanism, const Leftover& found) {
    if (const auto fault = mechanism.restore(found.target, {}))
        return QStringLiteral("%1: %2").arg(withoutRecord(mechanism, "could not be taken away"),
                                            fault->reason);
    return mechanism.leftover() ? withoutRecord(mechanism, "do not go") : QString();
}

} // namespace

Leftovers leftoversOf(const systemdns::Mechanisms& mechanisms) {
    Leftovers all;
    for (const auto& mechanism : mechanisms) {
        if (const auto found = mechanism->leftover())
            add(*mechanism, *found,
                found->remedy.isEmpty()
                    ? withoutRecord(*mechanism, "\"sotto-lease restore\" takes them away")
                    : found->remedy,
                all);
    }
    return all;
}

Leftovers clearLeftovers(const systemdns::Mechanisms& mechanisms, const Steps& steps) {
    Leftovers all;
    for (const auto& mechanism : mechanisms) {
        const auto found = mechanism->leftover();
        if (!found)
            continue;
        const bool goes = found->remedy.isEmpty();
        if (goes)
            passStep(steps, "leftover: about to take away");
        const QString reason = goes ? takeAway(*mechanism, *found) : found->remedy;
        if (reason.isEmpty())
            continue;
        all.mayGo = all.mayGo || goes;
        add(*mechanism, *found, reason, all);
    }
    return all;
}

} // namespace sotto::lease
