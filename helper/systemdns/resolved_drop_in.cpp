// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolved_drop_in.h"

#include "systemdns/resolv_conf.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>
#include <array>
#include <utility>

namespace sotto::systemdns {

namespace {

const QString kFileName = QStringLiteral("zz-sotto.conf");
constexpr auto kMarker = "# Sotto wrote this file: systemd-resolved asks Sotto for names.\n"
                         "# To remove it: sotto-lease restore\n";
constexpr auto kSumStart = "# If you edit it, Sotto leaves it alone. Sum: ";
constexpr qsizetype kSumDigits = 16;
constexpr qint64 kMaxOctets = 64 * 1024;

QByteArray sumOf(const QByteArray& rest) {
    return QCryptographicHash::hash(kMarker + rest, QCryptographicHash::Sha256)
        .toHex()
        .left(kSumDigits);
}

QString serverText(const QString& address, quint16 port) {
    if (port == Target::kDnsPort)
        return address;
    const bool ipv6 = address.contains(QLatin1Char(':'));
    return (ipv6 ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(address).arg(port);
}

constexpr std::array kParents{"/etc/systemd", "/run/systemd", "/usr/local/lib/systemd",
                              "/usr/lib/systemd"};

/// Whether a file of resolved.conf(5) names one of the target's addresses as a server.
bool namesServer(const QByteArray& octets, const Target& target) {
    for (const QByteArray& line : octets.split('\n')) {
        const qsizetype equals = line.indexOf('=');
        if (equals < 0 || line.left(equals).trimmed() != "DNS")
            continue;
        for (const QByteArray& server : line.mid(equals + 1).simplified().split(' ')) {
            for (const QString& address : target.addresses) {
                const QString text = QString::fromLatin1(server);
                if (text == address || text == serverText(address, target.port))
                    return true;
            }
        }
    }
    return false;
}

/// The same whatever this process's umask: systemd-resolved reads it as a user of its own.
constexpr QFile::Permissions kReadable =
    QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;
constexpr QFile::Permissions kEnterable =
    kReadable | QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther;

} // namespace

ResolvedDropIn::ResolvedDropIn(QString root)
    : m_root(std::move(root)) {}

QString ResolvedDropIn::folder() const {
    return m_root + QStringLiteral("/run/systemd/resolved.conf.d");
}

QString ResolvedDropIn::file() const {
    return folder() + QLatin1Char('/') + kFileName;
}

QByteArray ResolvedDropIn::compose(const Target& target) {
    QStringList servers;
    for (const QString& address : target.addresses)
        servers << serverText(address, target.port);
    // An empty value drops what files before this one have set. FallbackDNS would be asked if ours
    // were ever dropped. Sotto is asked in clear text: it never leaves this computer. It has the
    // answers of providers that validate; systemd-resolved would ask for the proofs a second time,
    // and refuse what has none: names that are blocked, or answered here.
    const QByteArray rest = "[Resolve]\nDNS=\nDNS=" + servers.join(QLatin1Char(' ')).toLatin1() +
                            "\nFallbackDNS=\nDomains=\nDomains=~.\nDNSOverTLS=no\nDNSSEC=no\n";
    return kMarker + (kSumStart + sumOf(rest)) + '\n' + rest;
}

std::optional<QByteArray> ResolvedDropIn::octets() const {
    QFile opened(file());
    if (!opened.open(QIODevice::ReadOnly))
        return std::nullopt;
    return opened.read(kMaxOctets);
}

ResolvedDropIn::State ResolvedDropIn::state() const {
    const auto found = octets();
    if (!found)
        return QFileInfo(file()).isSymLink() || QFileInfo::exists(file()) ? State::Foreign
                                                                          : State::Absent;
    if (!found->startsWith(QByteArray(kMarker).split('\n').constFirst()))
        return State::Foreign;
    const QByteArray start = QByteArray(kMarker) + kSumStart;
    const qsizetype rest = start.size() + kSumDigits + 1;
    const bool intact = found->startsWith(start) && found->size() >= rest &&
                        found->mid(start.size(), kSumDigits) == sumOf(found->mid(rest));
    return intact ? State::Ours : State::OursEdited;
}

bool ResolvedDropIn::folderExists() const {
    return QFileInfo(folder()).isDir();
}

bool ResolvedDropIn::isFor(const Target& target) const {
    return octets() == compose(target);
}

bool ResolvedDropIn::leadsTo(const Target& target) const {
    return namesServer(octets().value_or(QByteArray()), target);
}

bool ResolvedDropIn::othersLeadTo(const Target& target) const {
    QStringList files;
    for (const char* parent : kParents) {
        files << m_root + QLatin1String(parent) + QStringLiteral("/resolved.conf");
        const QDir folder(m_root + QLatin1String(parent) + QStringLiteral("/resolved.conf.d"));
        for (const QString& name : folder.entryList({QStringLiteral("*.conf")}, QDir::Files))
            files << folder.filePath(name);
    }
    const bool isForeign = state() == State::Foreign;
    const bool named = std::any_of(files.cbegin(), files.cend(), [&](const QString& path) {
        QFile opened(path);
        return (path != file() || isForeign) && opened.open(QIODevice::ReadOnly) &&
               namesServer(opened.read(kMaxOctets), target);
    });
    if (named)
        return true;
    // Where that is not made by itself, its servers are the whole system's, too.
    QFile resolvConf(m_root + QStringLiteral("/etc/resolv.conf"));
    if (QFileInfo(resolvConf)
            .canonicalFilePath()
            .endsWith(QLatin1String("/run/systemd/resolve/resolv.conf")))
        return false;
    const QStringList servers = resolvConf.open(QIODevice::ReadOnly)
                                    ? ResolvConf::parse(resolvConf.read(kMaxOctets)).nameservers
                                    : QStringList();
    return std::any_of(servers.cbegin(), servers.cend(), [&](const QString& server) {
        return target.port == Target::kDnsPort && target.addresses.contains(server);
    });
}

/// As they are spelt in its lines "DNS=".
QStringList ResolvedDropIn::servers() const {
    QStringList servers;
    const QByteArray found = octets().value_or(QByteArray());
    for (const QByteArray& line : found.split('\n')) {
        const qsizetype equals = line.indexOf('=');
        if (equals >= 0 && line.left(equals).trimmed() == "DNS")
            servers += QString::fromLatin1(line.mid(equals + 1))
                           .simplified()
                           .split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }
    return servers;
}

Target ResolvedDropIn::target() const {
    static const QRegularExpression kWithPort(QStringLiteral(R"(^\[?([^\]]*?)\]?:(\d+)$)"));
    Target target;
    for (const QString& server : servers()) {
        const auto match =
            server.count(QLatin1Char(':')) == 1 || server.startsWith(QLatin1Char('['))
                ? kWithPort.match(server)
                : QRegularExpressionMatch();
        target.addresses << (match.hasMatch() ? match.captured(1) : server);
        if (match.hasMatch())
            target.port = match.captured(2).toUShort();
    }
    return target;
}

QStringList ResolvedDropIn::laterFiles() const {
    QStringList later;
    for (const char* parent : kParents) {
        const QString path = m_root + QLatin1String(parent) + QStringLiteral("/resolved.conf.d");
        for (const QString& name : QDir(path).entryList({QStringLiteral("*.conf")}, QDir::Files)) {
            if (name > kFileName)
                later << QLatin1String(parent) + QStringLiteral("/resolved.conf.d/") + name;
        }
    }
    return later;
}

std::optional<Fault> ResolvedDropIn::write(const QByteArray& octets) const {
    const bool existed = folderExists();
    if (!QDir().mkpath(folder()))
        return Fault{QStringLiteral("%1 could not be made").arg(folder())};
    if (!existed)
        QFile::setPermissions(folder(), kEnterable);
    QSaveFile saved(file());
    const bool done = saved.open(QIODevice::WriteOnly) && saved.setPermissions(kReadable) &&
                      saved.write(octets) == octets.size() && saved.commit();
    if (done)
        return std::nullopt;
    return Fault{QStringLiteral("%1 could not be written: %2").arg(file(), saved.errorString())};
}

std::optional<Fault> ResolvedDropIn::remove(bool withFolder) const {
    QFile opened(file());
    if (opened.exists() && !opened.remove())
        return Fault{
            QStringLiteral("%1 could not be removed: %2").arg(file(), opened.errorString())};
    if (withFolder)
        QDir().rmdir(folder()); // stays where others have put something into it
    return std::nullopt;
}

} // namespace sotto::systemdns
