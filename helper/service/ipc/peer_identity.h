// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QtGlobal>

#include <memory>
#include <optional>

namespace sotto::service {

class PeerProcess;

/// Who is at the other end of a connection, as the operating system says.
struct PeerIdentity {
    bool known = false;
    quint32 user = 0;
    QList<quint32> groups;
    std::shared_ptr<const PeerProcess> process{}; ///< where the system lets it be held
};

/// Reads it from a connected local socket. Where the system cannot say, known is false.
PeerIdentity peerIdentity(qintptr socketDescriptor);

/// The user that this process runs as; nothing where users have no number.
std::optional<quint32> ownUser();
/// The number of a group; nothing where there is no such group. May ask the name service.
std::optional<quint32> groupNumber(const QString& name);

} // namespace sotto::service
