// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/socket_path.h"

#include <QDir>
#include <QFileInfo>

#include <unistd.h>

namespace sotto::protocol {

namespace {

constexpr uint kFirstPlainUser = 1000;

/// A folder that is this user's alone. Not QStandardPaths, which makes one in /tmp where
/// XDG_RUNTIME_DIR is not set, as on servers, and complains.
QString userFolder() {
    const QString named = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (QDir::isAbsolutePath(named))
        return named;
    const QString usual = QStringLiteral("/run/user/%1").arg(::geteuid());
    if (QFileInfo(usual).ownerId() == ::geteuid())
        return usual;
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    return QDir::isAbsolutePath(state) ? state : QDir::homePath() + QLatin1String("/.local/state");
}

QString userSocket() {
    return userFolder() + QLatin1String("/sotto/sottod.sock");
}

} // namespace

QString systemSocketPath() {
    return QStringLiteral("/run/sotto/sottod.sock");
}

QString defaultServiceSocketPath() {
    return ::geteuid() < kFirstPlainUser ? systemSocketPath() : userSocket();
}

QString defaultClientSocketPath() {
    if (QFileInfo::exists(systemSocketPath()))
        return systemSocketPath();
    const QString own = userSocket();
    return QFileInfo::exists(own) ? own : systemSocketPath();
}

QString absoluteSocketPath(const QString& path) {
    return path.isEmpty() ? path : QFileInfo(path).absoluteFilePath();
}

} // namespace sotto::protocol
