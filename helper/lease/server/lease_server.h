// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

class QSocketNotifier;

namespace sotto::lease {

/// Serves root and one other user over a local socket; the kernel says who is there. Anybody else,
/// and whoever sends what is no request, too much or too often, is cut off. It never waits for a
/// peer: one that does not read is cut off as well.
///
/// Thread: the one that made it.
class LeaseServer : public QObject {
    Q_OBJECT

public:
    static constexpr qsizetype kMostPeers = 8;
    static constexpr qsizetype kMostPeersOfService = 6; ///< so that root always comes in
    static constexpr int kRequestsPerSecond = 20;
    static constexpr int kRequestsAtOnce = 40;

    using Peer = quint64; ///< a connection; never used twice
    using Handler = std::function<Report(Peer peer, const Request& request)>;

    /// serviceUser: the other user; none where there is no such user.
    LeaseServer(std::optional<quint32> serviceUser, Handler handler);
    ~LeaseServer() override;

    /// Takes the descriptor of a listening socket.
    void serve(int listening);

    /// Sends a report to those who have sent a request before and are meant.
    void tell(const Report& report, const std::function<bool(Peer)>& isMeant = {});
    /// As the kernel says; of a peer that is connected.
    quint32 userOf(Peer peer) const;
    qsizetype peerCount() const { return static_cast<qsizetype>(m_peers.size()); }

signals:
    void peerCame();
    void peerGone(quint64 peer);

private:
    struct Connection;

    void accept();
    bool admits(quint32 user) const;
    void read(Peer peer);
    /// false where the peer is to be cut off.
    bool answer(Peer peer, const QByteArray& packet);
    void cutOff(Peer peer, const QString& why);

    std::optional<quint32> m_serviceUser;
    Handler m_handler;
    int m_listening = -1;
    std::unique_ptr<QSocketNotifier> m_accept;
    std::unordered_map<Peer, std::unique_ptr<Connection>> m_peers;
    Peer m_last = 0;
};

} // namespace sotto::lease
