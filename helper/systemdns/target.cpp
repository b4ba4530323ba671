// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/target.h"

#include <QByteArray>

#include <arpa/inet.h>
#include <array>

namespace sotto::systemdns {

namespace {

template <class Address>
bool isCanonical(int family, const QByteArray& text, Address& address) {
    std::array<char, INET6_ADDRSTRLEN> written{};
    return ::inet_pton(family, text.constData(), &address) == 1 &&
           ::inet_ntop(family, &address, written.data(), written.size()) && text == written.data();
}

bool isLoopback(const QString& text) {
    const QByteArray octets = text.toLatin1();
    in_addr v4{};
    if (isCanonical(AF_INET, octets, v4))
        return (ntohl(v4.s_addr) >> 24U) == IN_LOOPBACKNET;
    in6_addr v6{};
    return isCanonical(AF_INET6, octets, v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

} // namespace

QString Target::fault() const {
    if (addresses.isEmpty() || addresses.size() > kMaxAddresses)
        return QStringLiteral("one to %1 addresses are expected").arg(kMaxAddresses);
    for (const QString& address : addresses) {
        if (!isLoopback(address))
            return QStringLiteral("not a loopback address");
        if (addresses.count(address) > 1)
            return QStringLiteral("an address is named twice");
    }
    return port == 0 ? QStringLiteral("the port is 0") : QString();
}

} // namespace sotto::systemdns
