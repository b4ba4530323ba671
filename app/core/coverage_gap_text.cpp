// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/system_dns_text.h"

#include "core/texts.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QRegularExpression>

namespace sotto::app {

namespace {

using protocol::SystemDnsException;

bool isOf(const SystemDnsException& exception, const char* kind) {
    return exception.kind == QLatin1String(kind);
}

QString kindText(const SystemDnsException& exception) {
    if (isOf(exception, "link_route_all"))
        return QCoreApplication::translate("sotto", "asks its own servers as well");
    if (isOf(exception, "link_domains"))
        return QCoreApplication::translate("sotto", "some names go to its own servers");
    if (isOf(exception, "vpn"))
        return QCoreApplication::translate("sotto", "a VPN");
    if (isOf(exception, "containers"))
        return QCoreApplication::translate("sotto", "containers");
    if (isOf(exception, "static_nsswitch"))
        return QCoreApplication::translate("sotto", "programs that look names up elsewhere");
    if (isOf(exception, "network_namespace"))
        return QCoreApplication::translate("sotto", "a network namespace");
    return {};
}

QString gapTitle(const SystemDnsException& exception) {
    const QString kind = kindText(exception);
    if (exception.subject.isEmpty())
        return kind.isEmpty() ? exception.kind : capitalized(kind);
    return kind.isEmpty() ? exception.subject
                          : QCoreApplication::translate("sotto", "%1: %2", "whose, and what kind")
                                .arg(exception.subject, kind);
}

QString serversText(const SystemDnsException& exception) {
    return exception.servers.isEmpty()
               ? QCoreApplication::translate("sotto", "its own servers", "names are asked at …")
               : joinedText(exception.servers);
}

QString domainsText(const SystemDnsException& exception) {
    return exception.domains.isEmpty()
               ? QCoreApplication::translate("sotto", "Some names are asked at %1.")
                     .arg(serversText(exception))
               : QCoreApplication::translate("sotto", "Names below %1 are asked at %2.")
                     .arg(joinedText(exception.domains), serversText(exception));
}

/// What is to be written where, for containers to ask Sotto; empty where it is not known.
QString containersRemedy(const SystemDnsException& exception) {
    const QString address = exception.servers.value(0);
    const bool isDocker = exception.subject == QLatin1String("Docker");
    if (address.isEmpty() || !(isDocker || exception.subject == QLatin1String("Podman")))
        return {};
    const QString line = isDocker ? QStringLiteral("\"dns\": [\"%1\"]").arg(address)
                                  : QStringLiteral("dns_servers = [\"%1\"]").arg(address);
    return QLatin1Char(' ') +
           QCoreApplication::translate("sotto", "To have them ask Sotto, write the line below into "
                                                "Sotto's settings file, and %1 into %2.")
               .arg(line, isDocker ? QStringLiteral("/etc/docker/daemon.json")
                                   : QStringLiteral("/etc/containers/containers.conf"));
}

/// Made here from what kind of exception it is, so that it is in the person's language; what the
/// service says in English only of kinds that are not known here.
QString gapText(const SystemDnsException& exception) {
    if (isOf(exception, "link_route_all"))
        return QCoreApplication::translate(
                   "sotto", "Every name is asked at %1, too, and not encrypted by Sotto: this "
                            "interface has “~.” among its domains.")
            .arg(serversText(exception));
    if (isOf(exception, "link_domains"))
        return domainsText(exception);
    if (isOf(exception, "vpn"))
        return QCoreApplication::translate(
            "sotto", "The servers of the VPN are not asked: names that only they know are not "
                     "found, and your providers see them.");
    if (isOf(exception, "containers"))
        return QCoreApplication::translate(
                   "sotto", "Containers cannot reach this computer's own loopback addresses. They "
                            "are given other servers, public ones where none are known.") +
               containersRemedy(exception);
    if (isOf(exception, "static_nsswitch"))
        return QCoreApplication::translate(
            "sotto", "The line “hosts” of this file sends look-ups elsewhere. It must name “dns”; "
                     "“resolve” leads to Sotto only where systemd-resolved asks it.");
    if (isOf(exception, "network_namespace"))
        return QCoreApplication::translate(
                   "sotto", "Programs in this network namespace ask the servers of %1.")
            .arg(QStringLiteral("/etc/netns/%1/resolv.conf").arg(exception.subject));
    return capitalized(asSentence(exception.detail));
}

/// Where an address of the bridge is told, but no line.
QString listenLine(const QString& told, QStringList listen) {
    static const QRegularExpression kAddress(
        QStringLiteral(R"((?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3})(?!\.?\d|/))"));
    for (auto found = kAddress.globalMatch(told); found.hasNext();) {
        const QHostAddress address(found.next().captured(1));
        if (address.isNull() || address.isLoopback())
            continue;
        const QString own = address.toString() + QLatin1String(":53");
        if (!listen.contains(own))
            listen.append(own);
        for (QString& place : listen)
            place = QLatin1Char('"') + place + QLatin1Char('"');
        return QStringLiteral("listen = [%1]").arg(listen.join(QLatin1String(", ")));
    }
    return {};
}

QString settingOf(const SystemDnsException& exception, const QStringList& listen) {
    static const QRegularExpression kLine(QStringLiteral(R"(\blisten\s*=\s*\[[^\]]*\])"));
    if (const auto line = kLine.match(exception.detail); line.hasMatch())
        return line.captured();
    if (!isOf(exception, "containers"))
        return {};
    return listenLine(exception.servers.isEmpty() ? exception.detail : exception.servers.first(),
                      listen);
}

} // namespace

QList<CoverageGap> coverageGaps(const protocol::SystemDns& system, const QStringList& listen) {
    QList<CoverageGap> gaps;
    for (const SystemDnsException& exception : system.exceptions)
        gaps.append({gapTitle(exception), gapText(exception), settingOf(exception, listen)});
    return gaps;
}

} // namespace sotto::app
