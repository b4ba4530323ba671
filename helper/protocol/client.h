// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/channel.h"
#include "protocol/methods.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>

namespace sotto::protocol {

struct RpcError {
    int code = InternalError;
    QString message;
};

/// What a call gave: a value or an error.
template <class T>
struct Reply {
    T value{};
    std::optional<RpcError> error;
    bool ok() const { return !error.has_value(); }
};

/// How long a reply may take before the call fails.
enum class Patience {
    Usual,     ///< Client::kCallTimeoutMillis, or what was set
    Unlimited, ///< as long as the connection lasts: a person may be asked for a password first
};

/// A connection to sottod that says hello, keeps itself connected and makes typed calls.
///
/// Thread: the one that owns it; nothing blocks. Handlers run on that thread, exactly once for
/// each call: with the reply, or with an error when the connection ends first or the reply does
/// not come within its patience.
class Client : public QObject {
    Q_OBJECT

public:
    enum class State {
        Disconnected, ///< not connected; tries again by itself after start()
        Connecting,   ///< connecting, or waiting for the reply to hello
        Ready,        ///< calls are possible
        Incompatible, ///< the service speaks another protocol version; failure() says which
    };
    Q_ENUM(State)

    static constexpr int kCallTimeoutMillis = 15000;
    static constexpr int kReconnectMillis = 500;

    Client(const QString& socketPath, QString clientName, QObject* parent = nullptr);

    /// Connects now, and again whenever the connection is lost.
    void start();
    /// Disconnects and stays so.
    void stop();
    /// How long replies of usual patience may take from now on, kCallTimeoutMillis otherwise.
    void setCallTimeout(int millis) { m_callTimeoutMillis = millis; }

    State state() const { return m_state; }
    const QString& socketPath() const { return m_socketPath; }
    /// What the service said of itself; meaningful while Ready.
    const HelloResult& service() const { return m_service; }
    /// Why there is no connection, as a phrase for people; empty while Ready.
    const QString& failure() const { return m_failure; }

    /// Makes a call. The handler is dropped when context is destroyed first.
    template <class Method>
    void call(const typename Method::Params& params, QObject* context,
              std::function<void(const Reply<typename Method::Result>&)> handler,
              Patience patience = Patience::Usual) {
        using Result = typename Method::Result;
        send(
            QLatin1String(Method::kName), toJson(params), context,
            [handler = std::move(handler)](const QJsonValue& result,
                                           const std::optional<RpcError>& error) {
                Reply<Result> reply;
                reply.error = error;
                QString reason;
                if (!error && !fromJson(result, reply.value, reason))
                    reply.error = RpcError{InternalError, tr("Unreadable reply: %1").arg(reason)};
                handler(reply);
            },
            patience);
    }

signals:
    void stateChanged(sotto::protocol::Client::State state);
    void statusChanged(const sotto::protocol::Status& status);
    void logEntries(const sotto::protocol::LogBatch& batch);
    void testProgress(const sotto::protocol::ProviderTestReport& report);

private:
    using RawHandler = std::function<void(const QJsonValue&, const std::optional<RpcError>&)>;
    struct PendingCall {
        QPointer<QObject> context;
        RawHandler handler;
        std::optional<qint64> deadline; ///< milliseconds of the monotonic clock
    };

    void send(const QString& method, const QJsonValue& params, QObject* context, RawHandler handler,
              Patience patience);
    void connectNow();
    void dropChannel();
    void connected();
    void lost(const QString& reason);
    void receive(const QJsonObject& message);
    void expireCalls();
    /// Ends the connection: the new state first, then every call fails with the reason.
    void end(State state, const QString& failure, const QString& reason, int retryMillis);
    void setState(State state, const QString& failure);

    QString m_socketPath;
    QString m_clientName;
    std::unique_ptr<Channel> m_channel;
    QHash<qint64, PendingCall> m_calls;
    qint64 m_nextId = 1;
    int m_callTimeoutMillis = kCallTimeoutMillis;
    State m_state = State::Disconnected;
    bool m_wanted = false;
    HelloResult m_service;
    QString m_failure;
    QTimer m_retry;
    QTimer m_expiry;
};

} // namespace sotto::protocol
