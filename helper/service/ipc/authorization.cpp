// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/authorization.h"

namespace sotto::service {

Authorization Authorization::ofThisProcess() {
    Authorization authorization{{kRoot}, groupNumber(QStringLiteral("sotto"))};
    if (const auto user = ownUser())
        authorization.fullUsers += *user;
    return authorization;
}

bool Authorization::allows(const PeerIdentity& peer, Right right) const {
    if (right == Right::Look)
        return true;
    if (!peer.known)
        return false;
    if (fullUsers.contains(peer.user))
        return true;
    return right != Right::Configure && operatorGroup && peer.groups.contains(*operatorGroup);
}

} // namespace sotto::service
