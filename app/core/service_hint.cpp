// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/service_hint.h"

#include <QDir>
#include <QFileInfo>

namespace sotto::app {

namespace {

/// In quotes in which a POSIX shell leaves every character as it is.
QString quoted(QString path) {
    for (const char* special : {"\\", "\"", "$", "`"})
        path.replace(QLatin1String(special), QLatin1Char('\\') + QLatin1String(special));
    return QLatin1Char('"') + path + QLatin1Char('"');
}

} // namespace

QString startCommand(const QStringList& unitFolders, const QString& givenSocket) {
    if (!givenSocket.isEmpty())
        return QStringLiteral("sottod --socket %1").arg(quoted(givenSocket));
    for (const QString& folder : unitFolders) {
        if (QFileInfo::exists(QDir(folder).filePath(QStringLiteral("sottod.service"))))
            return QStringLiteral("sudo systemctl start sottod");
    }
    return QStringLiteral("sottod");
}

QStringList systemUnitFolders() {
    return {QStringLiteral("/etc/systemd/system"), QStringLiteral("/run/systemd/system"),
            QStringLiteral("/usr/local/lib/systemd/system"),
            QStringLiteral("/usr/lib/systemd/system"), QStringLiteral("/lib/systemd/system")};
}

} // namespace sotto::app
