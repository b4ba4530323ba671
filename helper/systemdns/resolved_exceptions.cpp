// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolved_exceptions.h"

#include "systemdns/mechanism.h"

namespace sotto::systemdns {

namespace {

QString listed(const QStringList& items) {
    return items.join(QLatin1String(", "));
}

QStringList serversOf(int link, const QList<ResolvedServer>& servers, const Target& target) {
    QStringList addresses;
    for (const ResolvedServer& server : servers) {
        const bool isTarget =
            server.port == target.port && target.addresses.contains(server.address);
        if (server.link == link && !isTarget)
            addresses << server.address;
    }
    return addresses;
}

} // namespace

QList<Exception> resolvedExceptions(const QList<NetLink>& links,
                                    const QList<ResolvedServer>& servers,
                                    const QList<ResolvedDomain>& domains, const Target& target) {
    QList<Exception> exceptions;
    for (const NetLink& link : links) {
        const QStringList others = serversOf(link.index, servers, target);
        if (others.isEmpty())
            continue;
        bool everyName = false;
        QStringList names;
        for (const ResolvedDomain& domain : domains) {
            if (domain.link != link.index)
                continue;
            if (domain.name == QLatin1String("."))
                everyName = true;
            else
                names << domain.name;
        }
        if (everyName)
            exceptions << Exception{
                QStringLiteral("link_route_all"), link.name,
                QStringLiteral("every name is asked at %1 too, without encryption by Sotto: this "
                               "interface has \"~.\" among its domains")
                    .arg(listed(others)),
                others};
        if (!names.isEmpty())
            exceptions << Exception{
                QStringLiteral("link_domains"), link.name,
                QStringLiteral("names in %1 are asked at %2").arg(listed(names), listed(others)),
                others, names};
        if (link.tunnel && !everyName && names.isEmpty())
            exceptions << Exception{
                QStringLiteral("vpn"), link.name,
                QStringLiteral("the VPN's servers (%1) are not asked: names that only they know "
                               "are not found, and the providers see them")
                    .arg(listed(others)),
                others};
    }
    return exceptions;
}

} // namespace sotto::systemdns
