// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/detection.h"

#include "systemdns/network_manager.h"
#include "systemdns/plain_file.h"
#include "systemdns/resolvconf.h"
#include "systemdns/resolved.h"

namespace sotto::systemdns {

namespace {

QString portReason(const Finding& finding, const Target& target) {
    return QStringLiteral("%1 cannot name port %2").arg(mechanismText(finding.id)).arg(target.port);
}

/// Why none was chosen: of the wanted one, or of each.
QString refusal(const Detection& detection, const QStringList& unsupported,
                std::optional<MechanismId> wanted) {
    QStringList reasons;
    for (const Finding& finding : detection.findings) {
        if (!finding.usable && (!wanted || *wanted == finding.id))
            reasons << finding.reason;
    }
    reasons << unsupported;
    if (reasons.isEmpty())
        return QStringLiteral("this system has no such way to set its DNS");
    return reasons.join(QLatin1String("; "));
}

} // namespace

Mechanisms allMechanisms(const Surroundings& surroundings) {
    Mechanisms all;
    // In the order in which they are tried.
    all.push_back(std::make_unique<Resolved>(surroundings));
    all.push_back(std::make_unique<NetworkManager>(surroundings));
    all.push_back(std::make_unique<Resolvconf>(surroundings));
    all.push_back(std::make_unique<PlainFile>(surroundings));
    return all;
}

Detection detect(const Mechanisms& mechanisms, const Target& target,
                 std::optional<MechanismId> wanted) {
    Detection detection;
    QStringList unsupported;
    std::optional<Finding> first;
    for (const auto& mechanism : mechanisms) {
        const Finding finding = mechanism->look();
        detection.findings << finding;
        const bool takes = finding.usable && mechanism->supports(target);
        if (finding.usable && !takes)
            detection.findings.last().reason +=
                QLatin1String("; but ") + portReason(finding, target);
        if (first || !finding.usable || (wanted && *wanted != finding.id))
            continue;
        if (takes)
            first = finding;
        else
            unsupported << portReason(finding, target);
    }
    if (!first) {
        detection.reason = refusal(detection, unsupported, wanted);
        return detection;
    }
    detection.chosen << first->id;
    detection.reason = first->reason;
    if (first->id != MechanismId::Resolved)
        return detection;

    for (std::size_t i = 0; i < mechanisms.size(); ++i) {
        const Finding& finding = detection.findings.at(static_cast<qsizetype>(i));
        if (finding.id == MechanismId::Resolved || !finding.besideResolved)
            continue;
        const bool takes = finding.usable && mechanisms[i]->supports(target);
        if (takes)
            detection.chosen << finding.id;
        detection.reason +=
            QLatin1String("; ") +
            (takes ? finding.reason
                   : QStringLiteral("programs that read /etc/resolv.conf do not come to it, and %1")
                         .arg(finding.usable ? portReason(finding, target) : finding.reason));
    }
    return detection;
}

} // namespace sotto::systemdns
