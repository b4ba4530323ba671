// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/authority.h"
#include "service/refusal.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <array>
#include <deque>

namespace sotto::service {

class IpcConnection;

/// What a peer may do, as hello tells it.
struct PeerPermissions {
    protocol::Permission toggle = protocol::Permission::No;
    protocol::Permission readLog = protocol::Permission::No;
    protocol::Permission configure = protocol::Permission::No;
};

/// How patient the gate is; tests choose less.
struct GateLimits {
    int quickMillis = 800; ///< for an answer that asks nobody
    int dialogs = 8;       ///< passwords that are asked for at a time, in all
    int dialogsPerUser = 2;
    int waiting = 8; ///< requests of a connection
};

/// Lets requests through or refuses them: at once where the service knows the peer, else as the
/// system's authority says. A request that waits for a person keeps nobody waiting but those behind
/// it on the same connection that need a right as well; of a connection one person at a time is
/// asked. Where nobody is asked, a refusal comes within a second.
///
/// Thread: main.
class Gate : public QObject {
    Q_OBJECT

public:
    Gate(Authorization authorization, std::unique_ptr<Authority> authority, GateLimits limits = {},
         QObject* parent = nullptr);
    ~Gate() override;

    bool isTrusted(const PeerIdentity& peer) const { return m_authorization.isTrusted(peer); }
    bool isFullyTrusted(const PeerIdentity& peer) const {
        return m_authorization.allows(peer, Right::Configure);
    }

    using Decided = std::function<void(const std::optional<Refusal>& refusal)>;
    /// decided runs once, unless the connection is forgotten first.
    void pass(IpcConnection& connection, Right right, Decided decided);

    using Looked = std::function<void(const PeerPermissions& permissions)>;
    /// The same for what it might do; asks no person.
    void look(IpcConnection& connection, Looked looked);

    /// Tells the gate that a connection ended.
    void forget(IpcConnection& connection);

private:
    struct Request {
        Right right;
        Decided decided;
    };
    /// What a connection waits for.
    struct Queue {
        PeerIdentity peer;
        std::deque<Request> requests;
        Authority::Ticket ticket = 0;
        bool asksPerson = false;
        std::unique_ptr<QTimer> limit;
    };
    struct Look {
        PeerPermissions permissions;
        std::array<Authority::Ticket, 3> tickets{};
        int missing = 0;
        Looked looked;
        std::unique_ptr<QTimer> limit;
    };

    void askQuickly(IpcConnection* connection);
    void askPerson(IpcConnection* connection);
    void conclude(IpcConnection* connection, std::optional<Refusal> refusal);
    bool mayAskPerson(quint32 user) const;
    void endLook(IpcConnection* connection);

    Authorization m_authorization;
    std::unique_ptr<Authority> m_authority;
    GateLimits m_limits;
    QHash<IpcConnection*, std::shared_ptr<Queue>> m_queues;
    QHash<IpcConnection*, std::shared_ptr<Look>> m_looks;
};

} // namespace sotto::service
