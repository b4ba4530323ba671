// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/ipc_server.h"

#include "service/ipc/socket_file.h"

#include <QLocalSocket>

#include <algorithm>

namespace sotto::service {

IpcServer::IpcServer(Service& service, Authorization authorization, IpcLimits limits,
                     std::unique_ptr<Authority> authority, QObject* parent)
    : QLocalServer(parent)
    , m_service(service)
    , m_gate(std::move(authorization), std::move(authority), limits.gate)
    // A reply may tell another status than was sent last.
    , m_handler(service, m_gate, [this] { m_sentStatus = QJsonValue::Undefined; })
    , m_limits(limits) {
    setSocketOptions(QLocalServer::WorldAccessOption);
    m_statusTimer.setSingleShot(true);
    connect(&m_statusTimer, &QTimer::timeout, this, &IpcServer::sendStatus);
    connect(&service, &Service::statusChanged, this, &IpcServer::statusMayHaveChanged);
    connect(&service, &Service::logged, this, &IpcServer::sendLog);
}

IpcServer::~IpcServer() {
    for (IpcConnection* connection : m_connections)
        connection->disconnect(this);
    close(); // before the lock is given back
}

bool IpcServer::open(const QString& path, QString& why) {
    if (!createSocketFolder(path, why))
        return false;
    // Two that start at once must not both find the socket dead.
    auto lock = std::make_unique<QLockFile>(path + QLatin1String(".lock"));
    lock->setStaleLockTime(0);
    if (!lock->tryLock(0)) {
        why = lock->error() == QLockFile::LockFailedError
                  ? QStringLiteral("another sottod serves %1").arg(path)
                  : QStringLiteral("%1.lock: cannot be written").arg(path);
        return false;
    }
    m_lock = std::move(lock);
    if (!prepareSocketPath(path, why))
        return false;
    if (listen(path))
        return true;
    why = QStringLiteral("%1: %2").arg(path, errorString());
    return false;
}

bool IpcServer::mayConnect(const PeerIdentity& peer) const {
    const bool isTrusted = m_gate.isTrusted(peer);
    const int places = m_limits.connections - (isTrusted ? 0 : m_limits.reserved);
    const auto taken = isTrusted
                           ? static_cast<std::ptrdiff_t>(m_connections.size())
                           : std::ranges::count_if(m_connections, [&](const auto* connection) {
                                 return !m_gate.isTrusted(connection->peer());
                             });
    if (taken >= places || m_connections.size() >= static_cast<std::size_t>(m_limits.connections))
        return false;
    if (peer.known && peer.user == Authorization::kRoot)
        return true;
    const auto sameUser =
        std::ranges::count_if(m_connections, [&](const IpcConnection* connection) {
            return connection->peer().known == peer.known && connection->peer().user == peer.user;
        });
    return sameUser < m_limits.connectionsPerUser;
}

void IpcServer::incomingConnection(quintptr socketDescriptor) {
    auto socket = std::make_unique<QLocalSocket>();
    if (!socket->setSocketDescriptor(static_cast<qintptr>(socketDescriptor)))
        return;
    PeerIdentity peer = peerIdentity(static_cast<qintptr>(socketDescriptor));
    const auto budget = m_gate.isFullyTrusted(peer) ? nullptr : m_budgets.of(peer.user);
    if (!mayConnect(peer) || (budget && !budget->spend(kCostOfAConnection))) {
        socket->abort();
        return;
    }
    const bool isTrusted = m_gate.isTrusted(peer);
    auto* connection =
        new IpcConnection(socket.release(), std::move(peer), budget, m_limits.helloMillis, this);
    if (!isTrusted)
        connection->limitUnread(IpcConnection::kMaxUnsentOfStrangers);
    m_connections.push_back(connection);
    connect(connection, &IpcConnection::closed, this, [this, connection] { drop(connection); });
    connect(connection, &IpcConnection::requested, this,
            [this, connection](const IpcConnection::Request& request) {
                m_handler.handle(*connection, request);
            });
}

void IpcServer::drop(IpcConnection* connection) {
    std::erase(m_connections, connection);
    m_handler.forget(*connection);
    m_gate.forget(*connection);
    connection->disconnect(this);
    connection->deleteLater(); // we may be inside one of its signals
}

void IpcServer::statusMayHaveChanged() {
    if (m_statusTimer.isActive())
        return;
    const qint64 since = m_sinceStatus.isValid() ? m_sinceStatus.elapsed() : kStatusMillis;
    m_statusTimer.start(static_cast<int>(std::max<qint64>(0, kStatusMillis - since)));
}

void IpcServer::sendStatus() {
    m_sinceStatus.start();
    const QJsonValue status = protocol::toJson(m_service.status());
    if (status == m_sentStatus)
        return;
    m_sentStatus = status;
    const auto connections = m_connections; // a connection that is cut leaves the list
    for (IpcConnection* connection : connections) {
        if (connection->isReady())
            connection->notify(protocol::kStatusChanged, status);
    }
}

void IpcServer::sendLog(const std::vector<LoggedQuery>& queries, qint64 dropped) {
    const auto connections = m_connections;
    if (std::ranges::none_of(connections, &IpcConnection::followsLog))
        return;
    QList<protocol::LogEntry> entries;
    entries.reserve(static_cast<qsizetype>(queries.size()));
    for (const LoggedQuery& query : queries)
        entries.append(query.entry());
    auto batches = QueryLog::batches(entries);
    if (batches.isEmpty())
        batches.append(QList<protocol::LogEntry>());
    for (const QList<protocol::LogEntry>& batch : batches) {
        const QJsonValue json =
            protocol::toJson(protocol::LogBatch{batch, std::exchange(dropped, 0)});
        for (IpcConnection* connection : connections) {
            if (connection->followsLog)
                connection->notify(protocol::kLogEntries, json);
        }
    }
}

} // namespace sotto::service
