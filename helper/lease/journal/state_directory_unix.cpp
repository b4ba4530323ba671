// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/journal/state_directory.h"

#include <QDir>
#include <QFile>

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::lease {

namespace {

constexpr mode_t kOwnerOnly = 0700;
constexpr mode_t kLockMode = 0600;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
constexpr mode_t kOthersAll = S_IRWXG | S_IRWXO;

bool isTrusted(uid_t owner) {
    return owner == 0 || owner == ::geteuid();
}

/// Empty where nobody but the administrator can exchange the folder's content or the folder: all
/// folders above it are the administrator's as well, or let only owners rename (the sticky bit).
QString faultAbove(const QString& path) {
    for (QString above = QDir::cleanPath(path + QStringLiteral("/.."));;
         above = QDir::cleanPath(above + QStringLiteral("/.."))) {
        struct stat status {};
        if (::stat(QFile::encodeName(above).constData(), &status) != 0)
            return QStringLiteral("%1: %2").arg(above, qt_error_string(errno));
        if (!isTrusted(status.st_uid) ||
            ((status.st_mode & kOthersWrite) != 0 && (status.st_mode & S_ISVTX) == 0))
            return QStringLiteral("%1: others may write there, and could exchange the record of "
                                  "the earlier settings; make it the administrator's")
                .arg(above);
        if (above == QLatin1String("/"))
            return {};
    }
}

} // namespace

StateDirectory::~StateDirectory() {
    for (const int descriptor : {m_folder, m_lock}) {
        if (descriptor >= 0)
            ::close(descriptor);
    }
}

QString StateDirectory::open(const QString& path) {
    if (!QDir::isAbsolutePath(path))
        return QStringLiteral("%1: an absolute path is expected").arg(path);
    const QByteArray name = QFile::encodeName(QDir::cleanPath(path));
    if (::mkdir(name.constData(), kOwnerOnly) != 0 && errno != EEXIST)
        return QStringLiteral("%1: %2").arg(path, qt_error_string(errno));
    return openExisting(path);
}

QString StateDirectory::openExisting(const QString& path) {
    const QString clean = QDir::cleanPath(path);
    const int folder = ::open(QFile::encodeName(clean).constData(),
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 && errno == ENOENT)
        return {};
    if (folder < 0 && errno == EACCES)
        return QStringLiteral("%1: only root may look there").arg(clean);
    if (folder < 0)
        return QStringLiteral("%1: %2").arg(clean, qt_error_string(errno));
    struct stat status {};
    const bool isPrivate = ::fstat(folder, &status) == 0 && status.st_uid == ::geteuid() &&
                           (status.st_mode & kOthersAll) == 0;
    const QString fault = isPrivate ? faultAbove(clean)
                                    : QStringLiteral("%1: it must belong to the administrator, and "
                                                     "nobody else may read or write it (mode 0700)")
                                          .arg(clean);
    if (!fault.isEmpty()) {
        ::close(folder);
        return fault;
    }
    m_folder = folder;
    return {};
}

StateDirectory::Lock StateDirectory::lock(QString& why) {
    if (m_lock < 0)
        m_lock = ::openat(m_folder, "lock", O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kLockMode);
    if (m_lock >= 0 && ::flock(m_lock, LOCK_EX | LOCK_NB) == 0)
        return Lock::Taken;
    why = qt_error_string(errno);
    return m_lock >= 0 && errno == EWOULDBLOCK ? Lock::Busy : Lock::Failed;
}

} // namespace sotto::lease
