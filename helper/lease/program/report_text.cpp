// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/report_text.h"

#include <QDateTime>

namespace sotto::lease {

namespace {

QString stateText(const Report& report) {
    switch (report.state) {
    case State::Free:
        return QStringLiteral("not Sotto's");
    case State::Taking:
        return QStringLiteral("being switched to Sotto");
    case State::Held:
        return QStringLiteral("Sotto's");
    case State::Unanswered:
        return QStringLiteral("Sotto's, but sottod does not answer");
    case State::Yielded:
        return QStringLiteral("not Sotto's any more: %1").arg(takeoverText(report));
    case State::GivingBack:
        return QStringLiteral("being given back");
    case State::Failed:
        return report.addresses.isEmpty() ? QStringLiteral("not Sotto's: switching failed")
                                          : QStringLiteral("Sotto's: giving them back failed");
    }
    Q_UNREACHABLE();
}

QString familiesText(const Report& report) {
    if (report.ipv4 && report.ipv6)
        return QStringLiteral("IPv4 and IPv6");
    if (report.ipv6)
        return QStringLiteral("IPv6");
    return report.ipv4 ? QStringLiteral("IPv4") : QStringLiteral("no address");
}

void addState(const Report& report, QStringList& lines) {
    QString line = QStringLiteral("This computer's DNS settings are %1.").arg(stateText(report));
    if (!report.addresses.isEmpty())
        line += QStringLiteral(" The system asks %1, port %2, by %3.")
                    .arg(report.addresses.join(QStringLiteral(", ")))
                    .arg(report.port)
                    .arg(report.mechanisms.join(QStringLiteral(", ")));
    if (report.since > 0)
        line += QStringLiteral(" Since %1.")
                    .arg(QDateTime::fromMSecsSinceEpoch(report.since).toString(Qt::ISODate));
    lines << line;
    if (!report.fault.isEmpty())
        lines << QStringLiteral("Reason: %1.").arg(report.fault);
}

} // namespace

QString textOf(const Report& report, const QString& stateUnknown) {
    QStringList lines;
    if (stateUnknown.isEmpty())
        addState(report, lines);
    else
        lines << QStringLiteral(
                     "Whether this computer's DNS settings are Sotto's is not known: %1.")
                     .arg(stateUnknown);
    lines << QString() << QStringLiteral("Ways to set them:");
    for (const Finding& finding : report.findings) {
        const QString use = finding.chosen   ? QStringLiteral("used")
                            : finding.usable ? QStringLiteral("usable")
                                             : QStringLiteral("not usable");
        lines << QStringLiteral("  %1 (%2): %3").arg(finding.mechanism, use, finding.reason);
    }
    lines << QString()
          << QStringLiteral("Interfaces: %1 (%2)")
                 .arg(report.interfaces.isEmpty() ? QStringLiteral("none")
                                                  : report.interfaces.join(QStringLiteral(", ")),
                      familiesText(report));
    for (const Exception& exception : report.exceptions)
        lines << QStringLiteral("Exception: %1: %2").arg(exception.subject, exception.detail);
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace sotto::lease
