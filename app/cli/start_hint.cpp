// SPDX-License-Identifier: GPL-3.0-or-later
#include "start_hint.h"

#include "protocol/socket_path.h"
#include "protocol/start_command.h"

#include <QObject>

namespace sotto::cli {

QString startHint(const QString& socketPath, const QString& root) {
    const bool isSystems = socketPath == protocol::systemSocketPath();
    const QString installed = isSystems ? protocol::installedStartCommand(root) : QString();
    return installed.isEmpty()
               ? QObject::tr("Start it with \"%1\", as the user that it is to run as and not as "
                             "root, or name another socket with --socket.")
                     .arg(protocol::ownStartCommand(isSystems ? QString() : socketPath))
               : QObject::tr("Start it with \"%1\", or name another socket with --socket.")
                     .arg(installed);
}

} // namespace sotto::cli
