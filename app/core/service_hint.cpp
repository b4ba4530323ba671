// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/service_hint.h"

#include <QDir>
#include <QFileInfo>

namespace sotto::app {

QString startCommand(const QStringList& unitFolders, const QString& givenSocket) {
    if (givenSocket.isEmpty()) {
        for (const QString& folder : unitFolders) {
            if (QFileInfo::exists(QDir(folder).filePath(QStringLiteral("sottod.service"))))
                return QStringLiteral("sudo systemctl start sottod");
        }
        return QStringLiteral("sottod --config FILE");
    }
    return QStringLiteral("sottod --config FILE --socket \"%1\"").arg(givenSocket);
}

QStringList systemUnitFolders() {
    return {QStringLiteral("/etc/systemd/system"), QStringLiteral("/run/systemd/system"),
            QStringLiteral("/usr/local/lib/systemd/system"),
            QStringLiteral("/usr/lib/systemd/system"), QStringLiteral("/lib/systemd/system")};
}

} // namespace sotto::app
