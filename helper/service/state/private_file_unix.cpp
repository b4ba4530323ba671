// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/private_file.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace sotto::service {

bool writePrivateFile(const QString& path, const QByteArray& content, QString& why) {
    QTemporaryFile file(path + QLatin1String(".XXXXXX")); // created with mode 0600
    if (!file.open() || file.write(content) != content.size() || !file.flush()) {
        why = file.errorString();
        return false;
    }
    const QByteArray from = QFile::encodeName(file.fileName());
    if (::fsync(file.handle()) != 0 ||
        std::rename(from.constData(), QFile::encodeName(path).constData()) != 0) {
        why = qt_error_string(errno);
        return false;
    }
    file.setAutoRemove(false);
    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    const int descriptor = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        // Some file systems cannot sync a folder; the file itself is complete then too.
        ::fsync(descriptor);
        ::close(descriptor);
    }
    return true;
}

} // namespace sotto::service
