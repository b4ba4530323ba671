// SPDX-License-Identifier: GPL-3.0-or-later
#include "system_text.h"

#include "printable.h"
#include "table.h"

#include <QObject>

namespace sotto::cli {

namespace {

using protocol::SystemDns;
using protocol::SystemDnsState;

QString withReason(const QString& what, const QString& reason) {
    return reason.isEmpty() ? what : QObject::tr("%1: %2").arg(what, reason);
}

QString takeoverOf(const SystemDns& system) {
    if (system.winnerKind == QLatin1String("person"))
        return system.winner.isEmpty() ? QObject::tr("changed by hand")
                                       : QObject::tr("changed by hand in %1").arg(system.winner);
    if (!system.winner.isEmpty())
        return QObject::tr("taken over by %1").arg(system.winner);
    return system.winnerKind == QLatin1String("vpn") ? QObject::tr("taken over by a VPN")
                                                     : QObject::tr("taken over by somebody else");
}

QString placesText(const QStringList& addresses, int port) {
    constexpr int kDnsPort = 53;
    const QString list = addresses.join(QLatin1String(", "));
    return addresses.isEmpty() || port == kDnsPort || port == 0
               ? list
               : QObject::tr("%1, port %2").arg(list).arg(port);
}

QString familiesText(const SystemDns& system) {
    QStringList families;
    if (system.ipv4)
        families += QStringLiteral("IPv4");
    if (system.ipv6)
        families += QStringLiteral("IPv6");
    return families.join(QLatin1String(", "));
}

} // namespace

QString systemStateText(const SystemDns& system) {
    switch (system.state) {
    case SystemDnsState::ByHand:
        return QObject::tr("managed by hand");
    case SystemDnsState::Off:
        return QObject::tr("as it was before Sotto");
    case SystemDnsState::Taking:
        return QObject::tr("being switched to Sotto");
    case SystemDnsState::On:
        return QObject::tr("switched to Sotto");
    case SystemDnsState::Unanswered:
        return system.keepsClosed
                   ? QObject::tr("switched to Sotto, which does not answer; kept so")
                   : QObject::tr(
                         "switched to Sotto, which does not answer; about to be given back");
    case SystemDnsState::Yielded:
        return QObject::tr("%1; \"sottoctl system take\" takes it again").arg(takeoverOf(system));
    case SystemDnsState::GivingBack:
        return QObject::tr("being given back");
    case SystemDnsState::Failed:
        return withReason(QObject::tr("failed"), system.reason);
    case SystemDnsState::Unavailable:
        return withReason(QObject::tr("cannot be switched"), system.reason);
    }
    return {};
}

bool isSettled(const SystemDns& system) {
    return system.state != SystemDnsState::Taking && system.state != SystemDnsState::GivingBack;
}

bool isAmiss(const SystemDns& system) {
    switch (system.state) {
    case SystemDnsState::Unanswered:
    case SystemDnsState::Yielded:
    case SystemDnsState::Failed:
    case SystemDnsState::Unavailable:
        return true;
    default:
        return false;
    }
}

QString systemReport(const SystemDns& system) {
    Table table;
    const auto row = [&table](const QString& title, const QString& text) {
        if (!text.isEmpty())
            table.addRow({title, text});
    };
    row(QObject::tr("System DNS"), systemStateText(system));
    row(QObject::tr("Mechanism"), system.mechanisms.join(QLatin1String(", ")));
    row(QObject::tr("Addresses"), placesText(system.addresses, system.port));
    row(QObject::tr("Interfaces"), system.interfaces.join(QLatin1String(", ")));
    row(QObject::tr("Protocols"), familiesText(system));
    if (system.state != SystemDnsState::ByHand)
        row(QObject::tr("When Sotto is lost"), system.keepsClosed
                                                   ? QObject::tr("names stay unresolved")
                                                   : QObject::tr("the earlier servers come back"));
    QString text = table.text();
    if (system.exceptions.isEmpty())
        return text;
    text += QObject::tr("\nNot covered:\n");
    for (const protocol::SystemDnsException& exception : system.exceptions) {
        QString whose = exception.subject.isEmpty() ? exception.kind : exception.subject;
        if (!exception.detail.isEmpty())
            whose += QStringLiteral(": ") + exception.detail;
        text += QLatin1String("  ") + printable(whose) + QLatin1Char('\n');
    }
    return text;
}

QString explanationReport(const protocol::SystemDnsExplanation& explanation) {
    if (explanation.findings.isEmpty()) {
        const QString& reason = explanation.system.reason;
        return QObject::tr("Nothing is known of this computer's mechanisms: %1.\n")
            .arg(printable(reason.isEmpty() ? QObject::tr("the lease keeper does not answer")
                                            : reason));
    }
    QString text;
    if (!explanation.addresses.isEmpty())
        text = QObject::tr("For %1, mechanism: %2\n\n")
                   .arg(printable(placesText(explanation.addresses, explanation.port)),
                        printable(explanation.mechanism));
    Table table({QObject::tr("MECHANISM"), QObject::tr("USABLE"), QObject::tr("CHOSEN"),
                 QObject::tr("WHY")});
    const auto word = [](bool yes) { return yes ? QObject::tr("yes") : QObject::tr("no"); };
    for (const protocol::MechanismFinding& finding : explanation.findings)
        table.addRow(
            {finding.mechanism, word(finding.usable), word(finding.chosen), finding.reason});
    text += table.text();
    if (isAmiss(explanation.system))
        text +=
            QObject::tr("\nSystem DNS: %1\n").arg(printable(systemStateText(explanation.system)));
    return text;
}

} // namespace sotto::cli
