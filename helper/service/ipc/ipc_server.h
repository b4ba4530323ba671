// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/request_handler.h"

#include <QElapsedTimer>
#include <QLocalServer>
#include <QTimer>

#include <vector>

namespace sotto::service {

/// The service's local socket. Everybody may connect; what a peer may do depends on who the
/// operating system says it is. Bounded: connections in all, per user, and followers of the log.
///
/// Thread: main.
class IpcServer : public QLocalServer {
    Q_OBJECT

  public:
    static constexpr int kMaxConnections = 64;
    static constexpr int kMaxConnectionsPerUser = 16;
    static constexpr int kStatusMillis = 200;

    IpcServer(Service& service, Authorization authorization, QObject* parent = nullptr);
    ~IpcServer() override;

    /// Opens the socket, taking over a path that a dead service left behind.
    [[nodiscard]] bool open(const QString& path, QString& why);

  protected:
    void incomingConnection(quintptr socketDescriptor) override;

  private:
    bool mayConnect(const PeerIdentity& peer) const;
    void drop(IpcConnection* connection);
    void statusMayHaveChanged();
    void sendStatus();
    void sendLog(const QList<protocol::LogEntry>& entries, qint64 dropped);

    Service& m_service;
    RequestHandler m_handler;
    std::vector<IpcConnection*> m_connections;
    QTimer m_statusTimer;
    QElapsedTimer m_sinceStatus;
    QJsonValue m_sentStatus;
};

} // namespace sotto::service
