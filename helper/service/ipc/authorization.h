// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/peer_identity.h"

namespace sotto::service {

/// What a method needs.
enum class Right {
    Look,      ///< hello and status
    Toggle,    ///< on, off, pause, providers of the list, the system's DNS, the cache
    ReadLog,   ///< the query log and statistics
    Configure, ///< settings, servers of one's own
};

/// Whom the service trusts without asking anybody. Pure once made.
struct Authorization {
    static constexpr quint32 kRoot = 0;

    QList<quint32> fullUsers;             ///< may do everything
    std::optional<quint32> operatorGroup; ///< may toggle and read the log

    /// For root, this process's own user and the group "sotto", which is looked up here and never
    /// again.
    static Authorization ofThisProcess();

    bool allows(const PeerIdentity& peer, Right right) const;
    /// Whether it may do more than look, without asking.
    bool isTrusted(const PeerIdentity& peer) const { return allows(peer, Right::Toggle); }
};

} // namespace sotto::service
