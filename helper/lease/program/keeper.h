// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/server/lease_server.h"
#include "lease/state/lease.h"

#include <QTimer>

namespace sotto::lease {

/// The running keeper: brings requests to the lease and its news to the peers, keeps its time, and
/// says when it is not needed any more.
class Keeper : public QObject {
    Q_OBJECT

public:
    static constexpr int kIdleMillis = 10'000;

    /// Both stay the caller's.
    Keeper(Lease& lease, const Clock& clock, std::optional<quint32> serviceUser);

    /// Whether somebody needs it though nothing of ours is in the system.
    void setNeeded(bool needed);

    LeaseServer& server() { return m_server; }
    /// Goes on with what is in the journal, and from then on by itself.
    void start();

signals:
    /// Nothing of ours is in the system, and nobody has been connected for a while.
    void idle();

private:
    bool isIdle() const;
    Report onRequest(LeaseServer::Peer peer, const Request& request);
    void onPeerGone(LeaseServer::Peer peer);
    void onNews();
    void onTime();
    void plan();
    void logState(const Report& report);

    Lease& m_lease;
    const Clock& m_clock;
    LeaseServer m_server;
    LeaseServer::Peer m_service = 0; ///< that has asked for the lease; 0: none
    bool m_needed = false;
    QTimer m_timer;
    QTimer m_news; ///< gathers what happens in one turn
    QTimer m_idle;
    QString m_logged;
};

} // namespace sotto::lease
