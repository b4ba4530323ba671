// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/rooted_file.h"

#include <QFile>

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace sotto::systemdns {

namespace {

Descriptor openRoot(const QString& root) {
    const QByteArray path = root.isEmpty() ? QByteArray("/") : QFile::encodeName(root);
    return Descriptor(::open(path.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/// Follows links as if the root were the computer's; openat2(2) is in Linux since 5.6, and a
/// sandbox may forbid it. The computer's own root needs no such care.
Descriptor openRooted(const QString& root, const QString& path, int flags) {
    const QByteArray name = QFile::encodeName(path);
    const Descriptor base = openRoot(root);
    if (!base)
        return {};
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    const long opened = ::syscall(SYS_openat2, base.number(), name.constData(), &how, sizeof how);
    if (opened < 0 && root.isEmpty() && (errno == ENOSYS || errno == EPERM))
        return Descriptor(::open(name.constData(), flags | O_CLOEXEC));
    return Descriptor(static_cast<int>(opened));
}

} // namespace

Descriptor openFolder(const QString& root, const QString& path) {
    Descriptor folder = openRoot(root);
    const QStringList parts = path.split(QLatin1Char('/'), Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        if (!folder)
            break;
        folder = Descriptor(::openat(folder.number(), QFile::encodeName(part).constData(),
                                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    return folder;
}

std::optional<QByteArray> readRooted(const QString& root, const QString& path, qsizetype most) {
    // O_NONBLOCK: a FIFO in its place must not hold the program up.
    const Descriptor file = openRooted(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status {};
    if (!file || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return std::nullopt;
    return readAll(file, most);
}

std::optional<QByteArray> readAll(const Descriptor& file, qsizetype most) {
    QByteArray octets(most + 1, Qt::Uninitialized);
    qsizetype length = 0;
    while (length < octets.size()) {
        const ssize_t got =
            ::pread(file.number(), octets.data() + length,
                    static_cast<std::size_t>(octets.size() - length), static_cast<off_t>(length));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            break;
        length += got;
    }
    if (length > most) {
        errno = EFBIG;
        return std::nullopt;
    }
    octets.truncate(length);
    return octets;
}

QStringList namesIn(const QString& root, const QString& path) {
    const Descriptor folder = openRooted(root, path, O_RDONLY | O_DIRECTORY);
    if (!folder)
        return {};
    // fdopendir() takes the descriptor over.
    DIR* entries = ::fdopendir(::fcntl(folder.number(), F_DUPFD_CLOEXEC, 0));
    if (!entries)
        return {};
    QStringList names;
    while (const dirent* entry = ::readdir(entries)) {
        const QString name = QFile::decodeName(static_cast<const char*>(entry->d_name));
        if (name != QLatin1String(".") && name != QLatin1String(".."))
            names << name;
    }
    ::closedir(entries);
    names.sort();
    return names;
}

bool existsIn(const QString& root, const QString& path) {
    return static_cast<bool>(openRooted(root, path, O_PATH));
}

} // namespace sotto::systemdns
