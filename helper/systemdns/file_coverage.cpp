// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/file_coverage.h"

#include "systemdns/container_bridges.h"
#include "systemdns/net_links.h"
#include "systemdns/resolv_conf.h"
#include "systemdns/resolv_conf_state.h"
#include "systemdns/rooted_file.h"

namespace sotto::systemdns {

namespace {

const QString kNameSwitch = QStringLiteral("/etc/nsswitch.conf");

QByteArray nameSwitchOf(const QString& root) {
    constexpr qsizetype kMaxNameSwitch = qsizetype{64} * 1024;
    return readRooted(root, kNameSwitch, kMaxNameSwitch).value_or(QByteArray());
}

/// The services of the hosts line; nothing where there is none, which means "dns files".
QByteArrayList hostServices(const QByteArray& nsswitch) {
    for (QByteArray line : nsswitch.split('\n')) {
        line = line.left(line.indexOf('#') < 0 ? line.size() : line.indexOf('#')).trimmed();
        if (line.startsWith("hosts:"))
            return line.mid(6).simplified().split(' ');
    }
    return {};
}

/// Whether systemd-resolved serves look-ups (the socket of nss-resolve(8)) and asks others than
/// the target; the file names those that it asks, the first one first.
bool resolvedAsksOthers(const QString& root, const Target& target) {
    if (!existsIn(root, QStringLiteral("/run/systemd/resolve/io.systemd.Resolve")))
        return false;
    const auto octets = readRooted(root, QStringLiteral("/run/systemd/resolve/resolv.conf"),
                                   ResolvConfState::kMaxOctets);
    const QStringList servers = octets ? ResolvConf::parse(*octets).nameservers : QStringList();
    return servers.isEmpty() || !target.addresses.contains(servers.first());
}

/// ip-netns(8) puts such a file in place of /etc/resolv.conf for what it runs.
QList<Exception> namespaceExceptions(const QString& root) {
    QList<Exception> exceptions;
    for (const QString& name : namesIn(root, QStringLiteral("/etc/netns"))) {
        const QString file = QStringLiteral("/etc/netns/%1/resolv.conf").arg(name);
        if (existsIn(root, file)) {
            exceptions << Exception{
                QStringLiteral("network_namespace"), name,
                QStringLiteral("programs in the network namespace %1 ask the servers of %2")
                    .arg(name, file)};
        }
    }
    return exceptions;
}

QString onlyTheyKnow(const QString& link) {
    return QStringLiteral("%1 looks like a VPN: names that only its servers know are not found, "
                          "unless a route sends their zone to those servers")
        .arg(link);
}

} // namespace

QList<Exception> tunnelExceptions(const QList<NetLink>& links) {
    QList<Exception> exceptions;
    for (const NetLink& link : links) {
        // By PPP many reach the internet at all.
        if (link.up && link.tunnel && (link.ipv4 || link.ipv6) &&
            !link.name.startsWith(QLatin1String("ppp")))
            exceptions << Exception{QStringLiteral("vpn"), link.name, onlyTheyKnow(link.name)};
    }
    return exceptions;
}

QList<Exception> nameSwitchExceptions(const QByteArray& nsswitch, bool resolvedAsksOthers) {
    const QByteArrayList services = hostServices(nsswitch);
    const QString kind = QStringLiteral("static_nsswitch");
    if (services.isEmpty())
        return {};
    if (services.contains("resolve")) {
        if (!resolvedAsksOthers)
            return {};
        return {{kind, kNameSwitch,
                 QStringLiteral("its hosts line sends look-ups to systemd-resolved, which asks "
                                "other servers; take \"resolve\" out of it, or stop "
                                "systemd-resolved")}};
    }
    if (services.contains("dns"))
        return {};
    return {{kind, kNameSwitch,
             QStringLiteral("its hosts line does not name \"dns\": programs that look names up "
                            "through the C library ask no DNS server at all")}};
}

QList<Exception> nameSwitchExceptions(const QString& root) {
    return nameSwitchExceptions(nameSwitchOf(root), false);
}

QList<Exception> readerExceptions(const QString& root, const Target& target,
                                  const QList<NetLink>& links) {
    return nameSwitchExceptions(nameSwitchOf(root), resolvedAsksOthers(root, target)) +
           namespaceExceptions(root) + containerExceptions(root, links);
}

Coverage fileCoverage(const QString& root, const Target& target) {
    const QList<NetLink> links = netLinks();
    Coverage coverage;
    coverLinks(links, coverage);
    coverage.exceptions = tunnelExceptions(links) + readerExceptions(root, target, links);
    return coverage;
}

} // namespace sotto::systemdns
