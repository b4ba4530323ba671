// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/request_handler.h"

#include <QElapsedTimer>
#include <QLocalServer>
#include <QLockFile>
#include <QTimer>

#include <memory>
#include <vector>

namespace sotto::service {

/// What the socket allows its peers; tests choose others.
struct IpcLimits {
    int helloMillis = IpcConnection::kHelloMillis;
    int connections = 64;        ///< in all
    int reserved = 16;           ///< of them for peers that are trusted without asking
    int connectionsPerUser = 16; ///< root has none of its own
    GateLimits gate{};
};

/// The service's local socket. Everybody may connect; what a peer may do depends on who the
/// operating system says it is. Bounded: connections in all, per user, and followers of the log;
/// and what users ask for who may not do everything, be it over many connections. Some places are
/// kept for peers that may do more than look, so that strangers cannot take all.
///
/// Thread: main.
class IpcServer : public QLocalServer {
    Q_OBJECT

public:
    static constexpr int kStatusMillis = 200;
    /// A connection costs its user as much as so many requests.
    static constexpr double kCostOfAConnection = 5;

    IpcServer(Service& service, Authorization authorization, IpcLimits limits = {},
              std::unique_ptr<Authority> authority = systemAuthority(), QObject* parent = nullptr);
    ~IpcServer() override;

    /// Opens the socket, which no other service can do until this one ends, taking over a path that
    /// a dead service left behind.
    [[nodiscard]] bool open(const QString& path, QString& why);

    std::size_t connectionCount() const { return m_connections.size(); }

protected:
    void incomingConnection(quintptr socketDescriptor) override;

private:
    bool mayConnect(const PeerIdentity& peer) const;
    void drop(IpcConnection* connection);
    void statusMayHaveChanged();
    void sendStatus();
    void sendLog(const std::vector<LoggedQuery>& queries, qint64 dropped);

    Service& m_service;
    Gate m_gate;
    RequestHandler m_handler;
    UserBudgets m_budgets;
    IpcLimits m_limits;
    std::unique_ptr<QLockFile> m_lock; ///< beside the socket: whose it is
    std::vector<IpcConnection*> m_connections;
    QTimer m_statusTimer;
    QElapsedTimer m_sinceStatus;
    QJsonValue m_sentStatus;
};

} // namespace sotto::service
