// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

/// Local sockets that carry whole packets (SOCK_SEQPACKET), as descriptors. Nothing here waits but
/// what says so.
namespace sotto::lease {

struct Listening {
    int descriptor = -1;
    QString fault; ///< why there is none
};
/// Makes a socket at a path, in place of one that nobody serves any more. Only root and the owner
/// may connect.
Listening listenAt(const QString& path, std::optional<quint32> owner);
/// Takes over one that is listening already; it must be of that kind.
Listening listenOn(int descriptor);

/// A new connection; nothing where none waits.
std::optional<int> acceptPeer(int listening);
/// The user at the other end, as the kernel says.
std::optional<quint32> userOfPeer(int connection);

enum class Received { Packet, Nothing, Gone, TooLarge };
Received receivePacket(int connection, QByteArray& packet, qsizetype limit);
/// false where it cannot be sent at once and as a whole.
[[nodiscard]] bool sendPacket(int connection, const QByteArray& packet);

/// Waits, as long as that, for a connection's next packet.
bool awaitPacket(int connection, int timeoutMillis);
/// A connection to whoever serves a path.
std::optional<int> connectTo(const QString& path, QString& why);

void closeSocket(int descriptor);

} // namespace sotto::lease
