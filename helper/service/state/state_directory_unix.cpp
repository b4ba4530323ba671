// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/state_directory.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

namespace sotto::service {

namespace {

constexpr uid_t kFirstPlainUser = 1000;
constexpr mode_t kOwnerOnly = 0700;

bool isPlainUser() {
    return ::geteuid() >= kFirstPlainUser;
}

} // namespace

QString StateDirectory::defaultPath() {
    if (!isPlainUser())
        return QStringLiteral("/var/lib/sotto");
    QString base = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(base))
        base = QDir::homePath() + QLatin1String("/.local/state");
    return base + QLatin1String("/sotto");
}

bool StateDirectory::open(const QString& path, QString& why) {
    m_path = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    if (!QFileInfo(m_path).isDir()) {
        QDir().mkpath(QFileInfo(m_path).absolutePath());
        if (::mkdir(QFile::encodeName(m_path).constData(), kOwnerOnly) != 0 && errno != EEXIST) {
            why = QStringLiteral("%1: %2").arg(m_path, qt_error_string(errno));
            return false;
        }
    }
    m_lock = std::make_unique<QLockFile>(m_path + QLatin1String("/lock"));
    m_lock->setStaleLockTime(0);
    if (m_lock->tryLock(0))
        return true;
    if (m_lock->error() == QLockFile::LockFailedError) {
        qint64 pid = 0;
        QString host;
        QString program;
        m_lock->getLockInfo(&pid, &host, &program);
        why = QStringLiteral("%1: another sottod (process %2) uses this state directory")
                  .arg(m_path)
                  .arg(pid);
    } else {
        why = QStringLiteral("%1: cannot be written").arg(m_path);
    }
    return false;
}

QString defaultSettingsFile() {
    QString path = QStringLiteral("/etc/sotto/sotto.toml");
    if (isPlainUser())
        path = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
               QLatin1String("/sotto/sotto.toml");
    return QFileInfo::exists(path) ? path : QString();
}

} // namespace sotto::service
