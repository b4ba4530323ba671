// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/authorization.h"

namespace sotto::service {

Authorization Authorization::ofThisProcess() {
    return {ownUser(), groupNumber(QStringLiteral("sotto"))};
}

bool Authorization::allows(const PeerIdentity& peer, Right right) const {
    if (right == Right::Look)
        return true;
    if (!peer.known)
        return false;
    if (peer.user == kRoot || (serviceUser && peer.user == *serviceUser))
        return true;
    return right == Right::Operate && operatorGroup && peer.groups.contains(*operatorGroup);
}

} // namespace sotto::service
