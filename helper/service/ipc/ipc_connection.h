// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/channel.h"
#include "service/ipc/peer_identity.h"
#include "service/ipc/token_bucket.h"
#include "service/ipc/user_budgets.h"
#include "service/refusal.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>

namespace sotto::service {

/// One client of the service: checks the frame of each request (JSON-RPC 2.0, hello first) and
/// hands it on. A client that does not say hello in time or asks too fast is cut off.
/// A long line counts as several requests.
///
/// Thread: main. Owned by the server, which deletes it after closed().
class IpcConnection : public QObject {
    Q_OBJECT

public:
    static constexpr int kHelloMillis = 10000;
    static constexpr double kRequestsPerSecond = 200;
    static constexpr double kRequestBurst = 400;
    static constexpr int kMaxPendingQueries = 32;

    struct Request {
        QJsonValue id;
        QString method;
        QJsonObject params;
    };

    /// What counts as one request more, beside the request itself.
    static constexpr qsizetype kOctetsOfARequest = 4096;
    /// What a peer that may only look may leave unread.
    static constexpr qint64 kMaxUnsentOfStrangers = 1024 * 1024;

    /// budget: of all the peer's connections; empty where these are not limited together.
    IpcConnection(QLocalSocket* socket, PeerIdentity peer, std::shared_ptr<UserBudget> budget,
                  int helloMillis, QObject* parent);

    const PeerIdentity& peer() const { return m_peer; }
    bool isReady() const { return m_ready; }
    bool isOpen() const { return m_channel.isOpen(); }
    void becomeReady();

    void reply(const QJsonValue& id, const QJsonValue& result) { m_channel.sendResult(id, result); }
    void refuse(const QJsonValue& id, const Refusal& refusal);
    void notify(const char* method, const QJsonValue& params);
    void limitUnread(qint64 octets) { m_channel.setMaxUnsent(octets); }

    bool followsLog = false;
    int pendingQueries = 0;

signals:
    void requested(const sotto::service::IpcConnection::Request& request);
    void closed();

private:
    void receive(const QJsonObject& message);
    bool spend(qsizetype octets);

    protocol::Channel m_channel;
    PeerIdentity m_peer;
    std::shared_ptr<UserBudget> m_userBudget;
    bool m_ready = false;
    TokenBucket m_budget{kRequestsPerSecond, kRequestBurst};
    QElapsedTimer m_age;
    QTimer m_helloTimer;
};

} // namespace sotto::service
