// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/ordinary_file.h"

#include <QFile>
#include <QFileInfo>

namespace sotto::service {

bool readOrdinaryFile(const QString& path, qint64 limit, QByteArray& content, QString& why) {
    constexpr qint64 kMebibyte = 1024 * 1024;
    const QFileInfo info(path);
    QFile file(path);
    if (info.exists() && !info.isFile()) {
        why = QStringLiteral("not an ordinary file");
        return false;
    }
    if (!file.open(QIODevice::ReadOnly)) {
        why = QStringLiteral("cannot be read: ") + file.errorString();
        return false;
    }
    if (file.size() > limit) {
        why = QStringLiteral("larger than %1 MiB").arg(limit / kMebibyte);
        return false;
    }
    content = file.read(limit);
    return true;
}

} // namespace sotto::service
