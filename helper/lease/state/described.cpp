// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/described.h"

namespace sotto::lease {

namespace {

constexpr qsizetype kMostInterfaces = 64;
constexpr qsizetype kMostExceptions = 32;
constexpr qsizetype kMostOfAKind = 16; ///< servers or domains of one exception
constexpr qsizetype kLongestText = 400;

QStringList namesOf(const QList<systemdns::MechanismId>& ids) {
    QStringList names;
    for (const auto id : ids)
        names.append(systemdns::mechanismText(id));
    return names;
}

void addRecord(const JournalRecord& record, Report& report) {
    QList<systemdns::MechanismId> ids;
    for (const auto& entry : record.entries)
        ids.append(entry.id);
    report.mechanisms = namesOf(ids);
    if (record.phase == JournalRecord::Phase::Yielded) {
        // What a person can change without another place being told is that file.
        report.winner = record.winner.isEmpty() && record.winnerKind == QLatin1String("person")
                            ? QStringLiteral("/etc/resolv.conf")
                            : record.winner;
        report.winnerKind = record.winnerKind;
    } else {
        report.addresses = record.target.addresses;
        report.port = record.target.port;
    }
}

} // namespace

QString boundedText(const QString& text) {
    return text.size() <= kLongestText ? text : text.left(kLongestText - 1) + QChar(0x2026);
}

systemdns::Coverage coverageOf(const systemdns::Mechanisms& mechanisms,
                               const QList<systemdns::MechanismId>& ids,
                               const systemdns::Target& target) {
    systemdns::Coverage all;
    for (const auto& mechanism : mechanisms) {
        if (!ids.contains(mechanism->id()))
            continue;
        const auto coverage = mechanism->coverage(target);
        for (const QString& name : coverage.interfaces) {
            if (!all.interfaces.contains(name))
                all.interfaces.append(name);
        }
        all.ipv4 = all.ipv4 || coverage.ipv4;
        all.ipv6 = all.ipv6 || coverage.ipv6;
        for (const auto& exception : coverage.exceptions) {
            if (!all.exceptions.contains(exception))
                all.exceptions.append(exception);
        }
    }
    return all;
}

Report described(const std::optional<JournalRecord>& record, const systemdns::Detection& detection,
                 const systemdns::Coverage& coverage) {
    Report report;
    report.mechanisms = namesOf(detection.chosen);
    if (record)
        addRecord(*record, report);
    report.interfaces = coverage.interfaces.mid(0, kMostInterfaces);
    report.ipv4 = coverage.ipv4;
    report.ipv6 = coverage.ipv6;
    for (const auto& exception : coverage.exceptions.mid(0, kMostExceptions))
        report.exceptions.append(
            {exception.kind, boundedText(exception.subject), boundedText(exception.detail),
             exception.servers.mid(0, kMostOfAKind), exception.domains.mid(0, kMostOfAKind)});
    for (const auto& finding : detection.findings)
        report.findings.append({systemdns::mechanismText(finding.id), finding.usable,
                                detection.chosen.contains(finding.id),
                                boundedText(finding.reason)});
    return report;
}

} // namespace sotto::lease
