// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/socket_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sotto::service {

namespace {

constexpr uid_t kFirstPlainUser = 1000;

bool createFolder(const QString& folder, QString& why) {
    if (QFileInfo(folder).isDir())
        return true;
    QDir().mkpath(QFileInfo(folder).absolutePath());
    const mode_t mode = ::geteuid() >= kFirstPlainUser ? 0700 : 0755;
    const QByteArray name = QFile::encodeName(folder);
    // The mode is set again because the umask may have narrowed it.
    if (::mkdir(name.constData(), mode) == 0 && ::chmod(name.constData(), mode) == 0)
        return true;
    why = QStringLiteral("%1: %2").arg(folder, qt_error_string(errno));
    return false;
}

} // namespace

bool createSocketFolder(const QString& path, QString& why) {
    const sockaddr_un address{};
    const QByteArray name = QFile::encodeName(path);
    if (!path.startsWith(QLatin1Char('/')) ||
        static_cast<std::size_t>(name.size()) >= sizeof(address.sun_path)) {
        why = QStringLiteral("%1: an absolute path of at most %2 characters is expected")
                  .arg(path)
                  .arg(sizeof(address.sun_path) - 1);
        return false;
    }
    return createFolder(QFileInfo(path).absolutePath(), why);
}

bool prepareSocketPath(const QString& path, QString& why) {
    const QByteArray name = QFile::encodeName(path);
    struct stat info {};
    if (::lstat(name.constData(), &info) != 0)
        return true;
    if (!S_ISSOCK(info.st_mode)) {
        why = QStringLiteral("%1: there is a file of another kind").arg(path);
        return false;
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int connected =
        ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    const bool dead = connected != 0 && errno == ECONNREFUSED;
    if (probe >= 0)
        ::close(probe);
    if (!dead) {
        why = QStringLiteral("another sottod serves %1").arg(path);
        return false;
    }
    return ::unlink(name.constData()) == 0 || errno == ENOENT;
}

} // namespace sotto::service
