// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/server/keeper_call.h"

#include "lease/server/packet_socket.h"
#include "lease/server/request_reader.h"

#include <QJsonDocument>

namespace sotto::lease {

namespace {

std::variant<Report, CallFault> exchange(int connection, const Request& request,
                                         int timeoutMillis) {
    if (!sendPacket(connection, packetOf(request)))
        return CallFault{QStringLiteral("the lease keeper does not let this user in")};
    if (!awaitPacket(connection, timeoutMillis))
        return CallFault{QStringLiteral("the lease keeper does not answer")};
    QByteArray packet;
    if (receivePacket(connection, packet, kMaxPacket) != Received::Packet)
        return CallFault{QStringLiteral("the lease keeper does not let this user in")};
    Report report;
    QString why;
    if (!json::fromJson(QJsonDocument::fromJson(packet).object(), report, why))
        return CallFault{QStringLiteral("the lease keeper's answer is malformed: %1").arg(why)};
    return report;
}

} // namespace

std::variant<Report, CallFault> askKeeper(const QString& socketPath, const Request& request,
                                          int timeoutMillis) {
    QString why;
    const auto connection = connectTo(socketPath, why);
    if (!connection)
        return CallFault{why};
    auto answer = exchange(*connection, request, timeoutMillis);
    closeSocket(*connection);
    return answer;
}

} // namespace sotto::lease
