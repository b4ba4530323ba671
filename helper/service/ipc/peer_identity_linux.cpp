// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/peer_identity.h"

#include "service/ipc/peer_process.h"

#include <cerrno>
#include <vector>

#include <grp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::service {

namespace {

/// The peer's groups at the time it connected (SO_PEERGROUPS, Linux 4.13).
QList<quint32> peerGroups(int descriptor) {
    std::vector<gid_t> groups(32);
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto bytes = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        const int result =
            ::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes);
        const bool tooSmall = result != 0 && errno == ERANGE;
        groups.resize(result == 0 || tooSmall ? bytes / sizeof(gid_t) : 0);
        if (!tooSmall)
            break;
    }
    return QList<quint32>(groups.begin(), groups.end());
}

} // namespace

PeerIdentity peerIdentity(qintptr socketDescriptor) {
    const auto descriptor = static_cast<int>(socketDescriptor);
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    PeerIdentity peer;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 ||
        size != sizeof(credentials))
        return peer;
    peer.known = true;
    peer.user = credentials.uid;
    peer.groups = peerGroups(descriptor);
    peer.groups.append(credentials.gid);
    peer.process = PeerProcess::ofSocket(socketDescriptor);
    return peer;
}

std::optional<quint32> ownUser() {
    return ::geteuid();
}

std::optional<quint32> groupNumber(const QString& name) {
    const group* entry = ::getgrnam(name.toLocal8Bit().constData());
    return entry ? std::optional<quint32>(entry->gr_gid) : std::nullopt;
}

} // namespace sotto::service
