// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/socket_owners.h"

#include "systemdns/rooted_file.h"

#include <QList>

#include <algorithm>

#include <arpa/inet.h>
#include <cstring>

namespace sotto::systemdns {

namespace {

constexpr qsizetype kMaxTable = qsizetype{1024} * 1024;

struct BoundSocket {
    QByteArray address; ///< as the table writes it
    quint16 port = 0;
    uint user = 0;
};

/// proc_net_udp(5): "  sl local_address rem_address st tx:rx tr:when retrnsmt uid …"
QList<BoundSocket> socketsOf(const QByteArray& table) {
    constexpr qsizetype kLocal = 1;
    constexpr qsizetype kUser = 7;
    QList<BoundSocket> sockets;
    const QByteArrayList lines = table.split('\n');
    for (const QByteArray& line : lines.mid(1)) {
        const QByteArrayList fields = line.simplified().split(' ');
        if (fields.size() <= kUser)
            continue;
        const QByteArray& local = fields.at(kLocal);
        const qsizetype colon = local.indexOf(':');
        bool hasPort = false;
        bool hasUser = false;
        const quint16 port = local.mid(colon + 1).toUShort(&hasPort, 16);
        const uint user = fields.at(kUser).toUInt(&hasUser);
        if (colon > 0 && hasPort && hasUser)
            sockets << BoundSocket{local.left(colon), port, user};
    }
    return sockets;
}

/// Each four octets of an address as a number of this computer's own order, in hexadecimal digits.
QByteArray tableText(const QString& address) {
    in6_addr octets{};
    const QByteArray text = address.toLatin1();
    qsizetype words = 0;
    if (::inet_pton(AF_INET, text.constData(), &octets) == 1)
        words = 1;
    else if (::inet_pton(AF_INET6, text.constData(), &octets) == 1)
        words = 4;
    QByteArray written;
    for (qsizetype i = 0; i < words; ++i) {
        quint32 word = 0;
        std::memcpy(&word, octets.s6_addr + 4 * i, sizeof word);
        written += QByteArray::number(word, 16).rightJustified(8, '0').toUpper();
    }
    return written;
}

} // namespace

bool listensAlsoAt(const QString& root, const Target& target, const QString& address) {
    QList<BoundSocket> sockets;
    for (const char* table : {"/proc/net/udp", "/proc/net/udp6"})
        sockets << socketsOf(
            readRooted(root, QLatin1String(table), kMaxTable).value_or(QByteArray()));
    const auto isAt = [](const BoundSocket& socket, const QString& place, quint16 port) {
        return socket.port == port && socket.address == tableText(place);
    };
    const auto isOfListener = [&](const BoundSocket& one) {
        return std::any_of(sockets.cbegin(), sockets.cend(), [&](const BoundSocket& other) {
            return other.user == one.user && (isAt(other, target.addresses.value(0), target.port) ||
                                              isAt(other, QStringLiteral("0.0.0.0"), target.port));
        });
    };
    return std::any_of(sockets.cbegin(), sockets.cend(), [&](const BoundSocket& socket) {
        return (isAt(socket, address, Target::kDnsPort) ||
                isAt(socket, QStringLiteral("0.0.0.0"), Target::kDnsPort)) &&
               isOfListener(socket);
    });
}

} // namespace sotto::systemdns
