// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/server/lease_server.h"

#include "lease/lease_log.h"
#include "lease/server/packet_socket.h"
#include "lease/server/request_rate.h"
#include "lease/server/request_reader.h"

#include <QDeadlineTimer>
#include <QSocketNotifier>

#include <algorithm>

namespace sotto::lease {

struct LeaseServer::Connection {
    Connection(int socket, quint32 peerUser)
        : descriptor(socket)
        , user(peerUser)
        , notifier(new QSocketNotifier(socket, QSocketNotifier::Read)) {}
    ~Connection() {
        notifier->setEnabled(false);
        notifier->disconnect();
        notifier->deleteLater(); // it may be its own signal that ends the connection
        closeSocket(descriptor);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int descriptor;
    quint32 user;
    QSocketNotifier* notifier;
    RequestRate rate{kRequestsPerSecond, kRequestsAtOnce};
    bool wantsReports = false;
};

LeaseServer::LeaseServer(std::optional<quint32> serviceUser, Handler handler)
    : m_serviceUser(serviceUser)
    , m_handler(std::move(handler)) {}

LeaseServer::~LeaseServer() {
    closeSocket(m_listening);
}

void LeaseServer::serve(int listening) {
    m_listening = listening;
    m_accept = std::make_unique<QSocketNotifier>(listening, QSocketNotifier::Read);
    connect(m_accept.get(), &QSocketNotifier::activated, this, &LeaseServer::accept);
}

bool LeaseServer::admits(quint32 user) const {
    if (user == 0)
        return peerCount() < kMostPeers;
    const auto ofUser = std::count_if(m_peers.begin(), m_peers.end(),
                                      [&](const auto& peer) { return peer.second->user == user; });
    return user == m_serviceUser && ofUser < kMostPeersOfService;
}

void LeaseServer::accept() {
    const auto descriptor = acceptPeer(m_listening);
    if (!descriptor)
        return;
    const auto user = userOfPeer(*descriptor);
    if (!user || !admits(*user)) {
        closeSocket(*descriptor);
        return;
    }
    const Peer peer = ++m_last;
    auto connection = std::make_unique<Connection>(*descriptor, *user);
    connect(connection->notifier, &QSocketNotifier::activated, this, [this, peer] { read(peer); });
    m_peers.emplace(peer, std::move(connection));
    emit peerCame();
}

void LeaseServer::read(Peer peer) {
    const auto found = m_peers.find(peer);
    if (found == m_peers.end())
        return;
    Connection& connection = *found->second;
    QByteArray packet;
    switch (receivePacket(connection.descriptor, packet, kMaxPacket)) {
    case Received::Nothing:
        return;
    case Received::Gone:
        cutOff(peer, {});
        return;
    case Received::TooLarge:
        cutOff(peer, QStringLiteral("a packet was too large"));
        return;
    case Received::Packet:
        break;
    }
    if (!connection.rate.take(QDeadlineTimer::current(Qt::PreciseTimer).deadline()))
        cutOff(peer, QStringLiteral("too many requests"));
    else if (!answer(peer, packet))
        cutOff(peer, QStringLiteral("it sent what is no request, or does not read"));
}

bool LeaseServer::answer(Peer peer, const QByteArray& packet) {
    const auto request = readRequest(packet);
    if (const auto* fault = std::get_if<RequestFault>(&request)) {
        Report refusal;
        refusal.state = State::Failed;
        refusal.fault = fault->reason;
        (void)sendPacket(m_peers.at(peer)->descriptor, packetOf(refusal));
        return false;
    }
    m_peers.at(peer)->wantsReports = true;
    const QByteArray report = packetOf(m_handler(peer, std::get<Request>(request)));
    const auto found = m_peers.find(peer); // it may have been cut off meanwhile
    return found == m_peers.end() || sendPacket(found->second->descriptor, report);
}

void LeaseServer::tell(const Report& report, const std::function<bool(Peer)>& isMeant) {
    const QByteArray packet = packetOf(report);
    QList<Peer> deaf;
    for (const auto& [peer, connection] : m_peers) {
        if (connection->wantsReports && (!isMeant || isMeant(peer)) &&
            !sendPacket(connection->descriptor, packet))
            deaf.append(peer);
    }
    for (const Peer peer : deaf)
        cutOff(peer, QStringLiteral("it does not read"));
}

quint32 LeaseServer::userOf(Peer peer) const {
    return m_peers.at(peer)->user;
}

void LeaseServer::cutOff(Peer peer, const QString& why) {
    const auto found = m_peers.find(peer);
    if (found == m_peers.end())
        return;
    if (!why.isEmpty())
        logLine(QStringLiteral("a connection of user %1 is closed: %2")
                    .arg(found->second->user)
                    .arg(why));
    m_peers.erase(found);
    emit peerGone(peer);
}

} // namespace sotto::lease
