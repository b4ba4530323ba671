// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/service_hint.h"

#include "protocol/socket_path.h"
#include "protocol/start_command.h"

namespace sotto::app {

QString startCommand(const QString& givenSocket, const QString& root) {
    if (!givenSocket.isEmpty() && givenSocket != protocol::systemSocketPath())
        return protocol::ownStartCommand(givenSocket);
    const QString installed = protocol::installedStartCommand(root);
    return installed.isEmpty() ? protocol::ownStartCommand() : QStringLiteral("sudo ") + installed;
}

} // namespace sotto::app
