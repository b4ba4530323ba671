// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/state_directory.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <cerrno>

#include <pwd.h>
#include <sys/file.h>
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

QString StateDirectory::faultForRoot(const QString& path) {
    if (::geteuid() != 0)
        return {};
    const QString clean = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    const QFileInfo folder(clean);
    QString owner;
    if (folder.exists() && folder.ownerId() != 0)
        owner = folder.owner().isEmpty() ? QString::number(folder.ownerId()) : folder.owner();
    else if (!folder.exists() && clean == defaultPath() && ::getpwnam("sotto") != nullptr)
        owner = QStringLiteral("sotto");
    return owner.isEmpty()
               ? QString()
               : QStringLiteral("%1 is the folder of the user \"%2\", who could not use what root "
                                "writes there. Start sottod with --user %2, or with the service "
                                "manager, or name another folder with --state-dir")
                     .arg(clean, owner);
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
    // Not QLockFile, which waits for the disk: names are answered only once this is done.
    m_lock.setFileName(m_path + QLatin1String("/lock"));
    if (!m_lock.open(QIODevice::ReadWrite)) {
        why = QStringLiteral("%1: cannot be written").arg(m_path);
        return false;
    }
    if (::flock(m_lock.handle(), LOCK_EX | LOCK_NB) != 0) {
        why = QStringLiteral("%1: another sottod (process %2) uses this state directory")
                  .arg(m_path, QString::fromLatin1(m_lock.readLine().trimmed()));
        return false;
    }
    m_lock.resize(0);
    m_lock.write(QByteArray::number(QCoreApplication::applicationPid()) + '\n');
    m_lock.flush();
    return true;
}

QString defaultSettingsFile() {
    QString path = QStringLiteral("/etc/sotto/sotto.toml");
    if (isPlainUser())
        path = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
               QLatin1String("/sotto/sotto.toml");
    return QFileInfo::exists(path) ? path : QString();
}

} // namespace sotto::service
