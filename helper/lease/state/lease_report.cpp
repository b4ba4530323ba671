// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/lease.h"

/// What of a lease is told to others, within what a packet can hold.
namespace sotto::lease {

using Phase = JournalRecord::Phase;

namespace {

constexpr qsizetype kMostInterfaces = 64;
constexpr qsizetype kMostExceptions = 32;
constexpr qsizetype kLongestText = 400;

QString bounded(const QString& text) {
    return text.size() <= kLongestText ? text : text.left(kLongestText - 1) + QChar(0x2026);
}

QStringList textOf(const QList<systemdns::MechanismId>& ids) {
    QStringList names;
    for (const auto id : ids)
        names.append(systemdns::mechanismText(id));
    return names;
}

void addExceptions(const systemdns::Coverage& coverage, Report& report) {
    for (const auto& exception : coverage.exceptions.mid(0, kMostExceptions))
        report.exceptions.append(
            {exception.kind, bounded(exception.subject), bounded(exception.detail)});
}

} // namespace

void Lease::lookAround() {
    const auto target = m_wanted ? m_target : systemdns::Target{{QStringLiteral("127.0.0.1")}};
    const auto wanted = m_wanted ? systemdns::mechanismFromText(m_wanted->mechanism) : std::nullopt;
    m_detection = systemdns::detect(m_mechanisms, target, wanted);
    refreshCoverage();
}

void Lease::refreshCoverage() {
    const bool isOurs = m_switchover.record().has_value();
    const auto ids = isOurs ? m_switchover.mechanisms() : m_detection.chosen;
    const auto target = m_wanted ? m_target : systemdns::Target{{QStringLiteral("127.0.0.1")}};
    const Report before = report();
    systemdns::Coverage all;
    for (const auto& mechanism : m_mechanisms) {
        if (!ids.contains(mechanism->id()))
            continue;
        const auto coverage = mechanism->coverage(target);
        for (const QString& interface : coverage.interfaces) {
            if (!all.interfaces.contains(interface))
                all.interfaces.append(interface);
        }
        all.ipv4 = all.ipv4 || coverage.ipv4;
        all.ipv6 = all.ipv6 || coverage.ipv6;
        all.exceptions += coverage.exceptions;
    }
    m_coverage = all;
    if (json::toJson(report()) != json::toJson(before))
        emit changed();
}

Report Lease::report() const {
    Report report;
    const auto& record = m_switchover.record();
    report.state = m_state;
    report.fault = bounded(m_fault);
    report.since = m_since;
    report.mechanisms = textOf(record ? m_switchover.mechanisms() : m_detection.chosen);
    if (record && record->phase != Phase::Yielded) {
        report.addresses = record->target.addresses;
        report.port = record->target.port;
    }
    if (m_state == State::Yielded && record) {
        report.winner = record->winner;
        report.winnerKind = record->winnerKind;
    }
    report.interfaces = m_coverage.interfaces.mid(0, kMostInterfaces);
    report.ipv4 = m_coverage.ipv4;
    report.ipv6 = m_coverage.ipv6;
    addExceptions(m_coverage, report);
    for (const auto& finding : m_detection.findings) {
        report.findings.append({systemdns::mechanismText(finding.id), finding.usable,
                                m_detection.chosen.contains(finding.id), bounded(finding.reason)});
    }
    return report;
}

} // namespace sotto::lease
