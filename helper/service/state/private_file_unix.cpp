// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/private_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
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
    syncFolder(QFileInfo(path).absolutePath());
    return true;
}

bool removeUnfinishedWrites(const QString& path) {
    bool gone = true;
    const QFileInfo info(path);
    const QDir folder(info.absolutePath());
    const QString name = info.fileName();
    // writePrivateFile() puts six letters behind the name until the content is complete.
    // Not as a name filter, which would be compiled as a pattern at every start.
    constexpr qsizetype kEnding = 7;
    for (const QString& other : folder.entryList(QDir::Files | QDir::Hidden)) {
        if (other.startsWith(name + QLatin1Char('.')) && other.size() == name.size() + kEnding)
            gone = QFile::remove(folder.filePath(other)) && gone;
    }
    return gone;
}

bool isPrivateFile(const QString& path, QString& why) {
    struct stat status {};
    if (::lstat(QFile::encodeName(path).constData(), &status) != 0) {
        why = qt_error_string(errno);
        return false;
    }
    constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
    if (!S_ISREG(status.st_mode))
        why = QStringLiteral("not an ordinary file");
    else if (status.st_uid != ::geteuid())
        why = QStringLiteral("it belongs to another user");
    else if ((status.st_mode & kOthers) != 0)
        why = QStringLiteral("others may read or write it");
    else
        return true;
    return false;
}

void syncFolder(const QString& folder) {
    const int descriptor =
        ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor); // some file systems cannot; the files themselves are complete then too
    ::close(descriptor);
}

} // namespace sotto::service
