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
    for (const QString& path : {kSystemSocket, userSocket()}) {
        if (QFileInfo::exists(path))
            return path;
    }
    return kSystemSocket;
}

QString absoluteSocketPath(const QString& path) {
    return path.isEmpty() ? path : QFileInfo(path).absoluteFilePath();
}

} // namespace sotto::protocol
