// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/client.h"

#include "protocol/socket_path.h"

#include <QDeadlineTimer>
#include <QLocalSocket>

namespace sotto::protocol {

namespace {

/// Why there is no connection, for people; Qt's own texts name its functions.
QString describe(QLocalSocket::LocalSocketError error) {
    switch (error) {
    case QLocalSocket::ServerNotFoundError:
        return Client::tr("there is no such socket");
    case QLocalSocket::ConnectionRefusedError:
        return Client::tr("nobody listens on this socket");
    case QLocalSocket::SocketAccessError:
        return Client::tr("this user may not open the socket");
    case QLocalSocket::PeerClosedError:
        return Client::tr("the service closed the connection");
    default:
        return Client::tr("the connection failed");
    }
}

qint64 monotonicMillis() {
    return QDeadlineTimer::current(Qt::CoarseTimer).deadline();
}

} // namespace

Client::Client(const QString& socketPath, QString clientName, QObject* parent)
    : QObject(parent)
    , m_socketPath(absoluteSocketPath(socketPath))
    , m_clientName(std::move(clientName)) {
    m_retry.setSingleShot(true);
    m_retry.setInterval(kReconnectMillis);
    connect(&m_retry, &QTimer::timeout, this, &Client::connectNow);
    m_expiry.setInterval(1000);
    connect(&m_expiry, &QTimer::timeout, this, &Client::expireCalls);
}

void Client::start() {
    if (m_wanted)
        return;
    m_wanted = true;
    connectNow();
}

void Client::stop() {
    m_wanted = false;
    m_retry.stop();
    end(State::Disconnected, {}, tr("The connection was closed."), 0);
}

void Client::dropChannel() {
    if (!m_channel)
        return;
    m_channel->disconnect(this);
    m_channel->socket()->disconnect(this);
    m_channel->cut();
    m_channel.release()->deleteLater(); // we may be inside one of its signals
}

void Client::connectNow() {
    dropChannel();
    auto* socket = new QLocalSocket;
    m_channel = std::make_unique<Channel>(socket);
    connect(socket, &QLocalSocket::connected, this, &Client::connected);
    connect(socket, &QLocalSocket::errorOccurred, this,
            [this](QLocalSocket::LocalSocketError error) { lost(describe(error)); });
    connect(m_channel.get(), &Channel::closed, this,
            [this] { lost(describe(QLocalSocket::PeerClosedError)); });
    connect(m_channel.get(), &Channel::messageReceived, this, &Client::receive);
    socket->connectToServer(m_socketPath);
}

void Client::connected() {
    setState(State::Connecting, {});
    HelloParams params;
    params.client = m_clientName;
    call<Hello>(params, this, [this](const Reply<HelloResult>& reply) {
        if (!reply.ok() || reply.value.protocol != kProtocolVersion) {
            if (m_state != State::Connecting)
                return; // the connection ended meanwhile
            if (!reply.ok() && reply.error->code != Rejected) {
                lost(reply.error->message); // no reply in time, or none that can be read
                return;
            }
            const QString reason =
                reply.ok() ? tr("The service speaks version %1 of the protocol, this program %2.")
                                 .arg(reply.value.protocol)
                                 .arg(kProtocolVersion)
                           : reply.error->message;
            end(State::Incompatible, reason, reason, 10 * kReconnectMillis);
            return;
        }
        m_service = reply.value;
        setState(State::Ready, {});
    });
}

void Client::lost(const QString& reason) {
    end(State::Disconnected, reason, reason, kReconnectMillis);
}

void Client::send(const QString& method, const QJsonValue& params, QObject* context,
                  RawHandler handler, Patience patience) {
    if (!m_channel || m_channel->socket()->state() != QLocalSocket::ConnectedState) {
        QMetaObject::invokeMethod(
            context,
            [handler = std::move(handler), failure = m_failure] {
                handler({}, RpcError{InternalError, failure.isEmpty()
                                                        ? tr("Not connected to the service.")
                                                        : failure});
            },
            Qt::QueuedConnection);
        return;
    }
    const qint64 id = m_nextId++;
    PendingCall call{context, std::move(handler), std::nullopt};
    if (patience == Patience::Usual) {
        call.deadline = monotonicMillis() + m_callTimeoutMillis;
        if (!m_expiry.isActive())
            m_expiry.start();
    }
    m_calls.insert(id, std::move(call));
    m_channel->sendRequest(id, method, params);
}

void Client::receive(const QJsonObject& message) {
    const QJsonValue idValue = message.value(QLatin1String("id"));
    if (idValue.isUndefined()) {
        const QString method = message.value(QLatin1String("method")).toString();
        const QJsonValue params = message.value(QLatin1String("params"));
        QString reason;
        if (method == QLatin1String(kStatusChanged)) {
            if (Status status; fromJson(params, status, reason))
                emit statusChanged(status);
        } else if (method == QLatin1String(kLogEntries)) {
            if (LogBatch batch; fromJson(params, batch, reason))
                emit logEntries(batch);
        } else if (method == QLatin1String(kTestProgress)) {
            if (ProviderTestReport report; fromJson(params, report, reason))
                emit testProgress(report);
        }
        return;
    }
    const auto found = m_calls.find(idValue.toInteger(-1));
    if (found == m_calls.end())
        return;
    const PendingCall call = std::move(*found);
    m_calls.erase(found);
    if (m_calls.isEmpty())
        m_expiry.stop();
    if (!call.context)
        return;
    const QJsonValue error = message.value(QLatin1String("error"));
    if (error.isObject()) {
        const QJsonObject object = error.toObject();
        call.handler({}, RpcError{object.value(QLatin1String("code")).toInt(InternalError),
                                  object.value(QLatin1String("message")).toString()});
    } else {
        call.handler(message.value(QLatin1String("result")), std::nullopt);
    }
}

void Client::expireCalls() {
    const qint64 now = monotonicMillis();
    QList<PendingCall> expired;
    bool someCanExpire = false;
    for (auto it = m_calls.begin(); it != m_calls.end();) {
        if (it->deadline && *it->deadline <= now) {
            expired.append(std::move(*it));
            it = m_calls.erase(it);
        } else {
            someCanExpire = someCanExpire || it->deadline;
            ++it;
        }
    }
    if (!someCanExpire)
        m_expiry.stop();
    for (const PendingCall& call : expired) {
        if (call.context)
            call.handler({}, RpcError{InternalError, tr("The service did not reply in time.")});
    }
}

void Client::end(State state, const QString& failure, const QString& reason, int retryMillis) {
    dropChannel();
    m_expiry.stop();
    const auto calls = std::exchange(m_calls, {});
    if (m_wanted)
        m_retry.start(retryMillis);
    setState(state, failure); // first: handlers look at it
    for (const PendingCall& call : calls) {
        if (call.context)
            call.handler({}, RpcError{InternalError, reason});
    }
}

void Client::setState(State state, const QString& failure) {
    m_failure = failure;
    if (m_state == state)
        return;
    m_state = state;
    emit stateChanged(state);
}

} // namespace sotto::protocol
