// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/dhcp_leases.h"

#include "systemdns/rooted_file.h"

#include <array>

namespace sotto::systemdns {

namespace {

constexpr qsizetype kMaxLeaseFile = qsizetype{1024} * 1024;

/// Debian's and Fedora's.
constexpr std::array kFolders{"/var/lib/dhcp", "/var/lib/dhclient"};

/// What follows an option's name up to the semicolon.
QStringList optionServers(QByteArray line, const char* option) {
    if (!line.startsWith(option))
        return {};
    line.remove(0, static_cast<qsizetype>(qstrlen(option)));
    line.replace(';', ' ').replace(',', ' ');
    return QString::fromLatin1(line.simplified()).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

QStringList leasedServers(const QByteArray& octets) {
    QStringList servers;
    for (const QByteArray& raw : octets.split('\n')) {
        const QByteArray line = raw.trimmed();
        // dhclient appends each new lease to the file; the last one counts.
        if (line.startsWith("lease {") || line.startsWith("lease6 {"))
            servers.clear();
        servers << optionServers(line, "option domain-name-servers ");
        servers << optionServers(line, "option dhcp6.name-servers ");
    }
    return servers;
}

QList<QStringList> newestLeases(const QString& root) {
    QList<QStringList> leases;
    for (const char* folder : kFolders) {
        const QString path = QLatin1String(folder);
        for (const QString& name : namesIn(root, path)) {
            const auto octets = readRooted(root, path + QLatin1Char('/') + name, kMaxLeaseFile);
            const QStringList servers = octets ? leasedServers(*octets) : QStringList();
            if (!servers.isEmpty())
                leases << servers;
        }
    }
    return leases;
}

} // namespace sotto::systemdns
