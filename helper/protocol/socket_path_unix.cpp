// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/socket_path.h"

#include <QFileInfo>
#include <QStandardPaths>

#include <unistd.h>

namespace sotto::protocol {

namespace {

constexpr uint kFirstPlainUser = 1000;
const QString kSystemSocket = QStringLiteral("/run/sotto/sottod.sock");

QString userSocket() {
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) +
           QStringLiteral("/sotto/sottod.sock");
}

} // namespace

QString defaultServiceSocketPath() {
    return ::geteuid() < kFirstPlainUser ? kSystemSocket : userSocket();
}

QString defaultClientSocketPath() {
    if (QFileInfo::exists(kSystemSocket))
        return kSystemSocket;
    // Only looked for where it is needed: without XDG_RUNTIME_DIR Qt makes a folder and complains.
    const QString own = userSocket();
    return QFileInfo::exists(own) ? own : kSystemSocket;
}

QString absoluteSocketPath(const QString& path) {
    return path.isEmpty() ? path : QFileInfo(path).absoluteFilePath();
}

} // namespace sotto::protocol
