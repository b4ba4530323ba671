// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolv_conf.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sotto::systemdns {

namespace {

constexpr auto kMarkerStart = "# Sotto wrote this file";
constexpr auto kMarker = "# Sotto wrote this file: this computer asks Sotto for names. "
                         "The earlier file comes back with: sotto-lease restore\n";
constexpr auto kSumStart = "# If you edit or replace it, Sotto leaves yours alone. Sum: ";
constexpr qsizetype kSumDigits = 16;
constexpr qsizetype kMaxKeptOctets = 8 * 1024;

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

/// The rest of a line that begins with that keyword; null where it does not.
QByteArray argumentOf(const QByteArray& line, const char* keyword) {
    const auto length = static_cast<qsizetype>(qstrlen(keyword));
    if (!line.startsWith(keyword) || line.size() <= length || !isBlank(line.at(length)))
        return {};
    return line.mid(length + 1).trimmed();
}

/// Over everything but the sum itself.
QByteArray sumOf(const QByteArray& before, const QByteArray& after) {
    return QCryptographicHash::hash(before + after, QCryptographicHash::Sha256)
        .toHex()
        .left(kSumDigits);
}

/// Lines come from a journal that is not trusted: they stay one line each.
QByteArray linesOf(const QByteArrayList& kept) {
    QByteArray lines;
    for (const QByteArray& line : kept) {
        const bool lineOnly = std::none_of(line.cbegin(), line.cend(), [](char c) {
            const auto octet = static_cast<unsigned char>(c);
            return (octet < 0x20 && c != '\t') || octet == 0x7f;
        });
        if (lineOnly)
            lines += line + '\n';
    }
    return lines;
}

} // namespace

ResolvConf ResolvConf::parse(const QByteArray& octets) {
    ResolvConf conf;
    qsizetype keptOctets = 0;
    for (const QByteArray& line : octets.split('\n')) {
        if (line.startsWith('#') || line.startsWith(';')) {
            conf.comments << line.mid(1).trimmed();
            continue;
        }
        // The address ends at the first blank; what follows it is not read.
        const QByteArray server = argumentOf(line, "nameserver");
        const auto end = std::find_if(server.cbegin(), server.cend(), isBlank);
        if (end != server.cbegin())
            conf.nameservers << QString::fromLatin1(server.left(end - server.cbegin()));
        for (const char* keyword : {"search", "domain", "options", "sortlist"}) {
            if (!argumentOf(line, keyword).isEmpty() && keptOctets + line.size() < kMaxKeptOctets) {
                conf.kept << line.trimmed();
                keptOctets += line.size();
            }
        }
    }
    return conf;
}

bool ResolvConf::namesOnly(const QStringList& servers) const {
    return !nameservers.isEmpty() &&
           std::all_of(nameservers.cbegin(), nameservers.cend(),
                       [&](const QString& server) { return servers.contains(server); });
}

bool ResolvConf::namesResolvedStub() const {
    // systemd-resolved.service(8): the stub and its proxy mode.
    static const QStringList kStubs{QStringLiteral("127.0.0.53"), QStringLiteral("127.0.0.54")};
    return namesOnly(kStubs);
}

QByteArray composeResolvConf(const QStringList& nameservers, const QByteArrayList& kept) {
    QByteArray rest = "\n" + linesOf(kept);
    for (const QString& server : nameservers)
        rest += "nameserver " + server.toLatin1() + '\n';
    const QByteArray start = QByteArray(kMarker) + kSumStart;
    return start + sumOf(start, rest) + rest;
}

Authorship authorshipOf(const QByteArray& octets) {
    if (!octets.contains(kMarkerStart))
        return Authorship::Foreign;
    // The sum ends the second line, whatever else another version says on the two.
    const qsizetype end = octets.indexOf('\n', octets.indexOf('\n') + 1);
    const qsizetype sum = end - kSumDigits;
    if (!octets.startsWith(kMarkerStart) || sum < 0)
        return Authorship::OursEdited;
    return octets.mid(sum, kSumDigits) == sumOf(octets.left(sum), octets.mid(end))
               ? Authorship::Ours
               : Authorship::OursEdited;
}

} // namespace sotto::systemdns
