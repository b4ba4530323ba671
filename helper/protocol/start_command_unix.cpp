// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/start_command.h"

#include <QFileInfo>

#include <algorithm>
#include <initializer_list>

namespace sotto::protocol {

namespace {

bool anyExists(const QString& root, std::initializer_list<const char*> paths) {
    return std::ranges::any_of(
        paths, [&](const char* path) { return QFileInfo::exists(root + QLatin1String(path)); });
}

/// In quotes in which a POSIX shell leaves every character as it is.
QString quoted(QString path) {
    for (const char* special : {"\\", "\"", "$", "`"})
        path.replace(QLatin1String(special), QLatin1Char('\\') + QLatin1String(special));
    return QLatin1Char('"') + path + QLatin1Char('"');
}

} // namespace

QString installedStartCommand(const QString& root) {
    const bool hasUnit = anyExists(
        root, {"/etc/systemd/system/sottod.service", "/run/systemd/system/sottod.service",
               "/usr/local/lib/systemd/system/sottod.service",
               "/usr/lib/systemd/system/sottod.service", "/lib/systemd/system/sottod.service"});
    const QString bySystemd = QStringLiteral("systemctl start sottod");
    // The package brings its unit also where another service manager runs, sd_booted(3).
    if (hasUnit && anyExists(root, {"/run/systemd/system"}))
        return bySystemd;
    if (anyExists(root, {"/etc/init.d/sottod"}))
        return QStringLiteral("rc-service sottod start");
    if (anyExists(root, {"/etc/sv/sottod", "/etc/runit/sv/sottod"}))
        return QStringLiteral("sv up sottod");
    return hasUnit ? bySystemd : QString();
}

QString ownStartCommand(const QString& socketPath) {
    return socketPath.isEmpty() ? QStringLiteral("sottod")
                                : QStringLiteral("sottod --socket %1").arg(quoted(socketPath));
}

} // namespace sotto::protocol
