// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/peer_identity.h"

namespace sotto::service {

/// What a method needs.
enum class Right {
    Look,      ///< hello and status
    Operate,   ///< everything but Configure: switch, providers, log, statistics
    Configure, ///< settings.set, and tests of servers of one's own
};

/// Who may do what. Pure once made.
struct Authorization {
    static constexpr quint32 kRoot = 0;

    std::optional<quint32> serviceUser;   ///< may do everything, as root may
    std::optional<quint32> operatorGroup; ///< may operate

    /// For this process and the group "sotto", which is looked up here and never again.
    static Authorization ofThisProcess();

    bool allows(const PeerIdentity& peer, Right right) const;
};

} // namespace sotto::service
