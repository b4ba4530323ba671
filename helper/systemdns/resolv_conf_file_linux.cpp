// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolv_conf_file.h"

#include "systemdns/rooted_file.h"

#include <QDir>
#include <QFile>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

namespace sotto::systemdns {

namespace {

constexpr auto kFolder = "/etc";
constexpr auto kName = "resolv.conf";
/// One name for all tries, so that a crash leaves at most one such file, which the next try
/// removes.
constexpr auto kNewName = ".resolv.conf.sotto-new";
constexpr mode_t kReadableByAll = 0644;
constexpr mode_t kPermissionBits = 07777;

struct NewState {
    const QByteArray& octets;
    const std::optional<FileAttributes>& attributes;
};

timespec timespecOf(const FileTime& time) {
    return {static_cast<time_t>(time.seconds), static_cast<long>(time.nanoseconds)};
}

FileTime fileTimeOf(const timespec& time) {
    return {time.tv_sec, time.tv_nsec};
}

bool isImmutable(const Descriptor& folder, const char* name) {
    const Descriptor file(
        ::openat(folder.number(), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    int flags = 0;
    return file && ::ioctl(file.number(), FS_IOC_GETFLAGS, &flags) == 0 &&
           (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) != 0;
}

bool isReadOnly(const Descriptor& folder) {
    struct statvfs status {};
    return ::fstatvfs(folder.number(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

QString immutableReason(const QString& path) {
    return QStringLiteral("%1 is protected from changes; \"chattr -i -a %1\" lifts that").arg(path);
}

QString readOnlyReason() {
    return QStringLiteral("the file system of /etc is read-only; make it writable, or set the DNS "
                          "where /etc/resolv.conf comes from");
}

/// What people can do about the system's answer to a change.
Fault changeFault(int error, const Descriptor& folder) {
    if (error == EROFS)
        return {readOnlyReason()};
    if ((error == EPERM || error == EACCES) && folder) {
        if (isImmutable(folder, kName))
            return {immutableReason(QStringLiteral("/etc/resolv.conf"))};
        if (isImmutable(folder, "."))
            return {immutableReason(QStringLiteral("/etc"))};
    }
    return {QStringLiteral("/etc/resolv.conf cannot be changed: %1").arg(qt_error_string(error))};
}

bool writeAll(const Descriptor& file, const QByteArray& octets) {
    qsizetype done = 0;
    while (done < octets.size()) {
        const ssize_t count =
            ::pwrite(file.number(), octets.constData() + done,
                     static_cast<std::size_t>(octets.size() - done), static_cast<off_t>(done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        done += count;
    }
    return true;
}

/// The times come last, because whatever else is set changes them.
bool setAttributes(const Descriptor& file, const FileAttributes& attributes) {
    const timespec modified = timespecOf(attributes.modified);
    const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, modified};
    return ::fchown(file.number(), attributes.uid, attributes.gid) == 0 &&
           ::fchmod(file.number(), attributes.mode) == 0 &&
           ::futimens(file.number(), times.data()) == 0;
}

/// SELinux lets network daemons write only what carries this file's label, and a new file in /etc
/// has another one. Elsewhere there is no such attribute.
void copyLabel(const Descriptor& folder, const Descriptor& to) {
    constexpr auto kLabel = "security.selinux";
    const Descriptor from(
        ::openat(folder.number(), kName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    std::array<char, 256> label{};
    const ssize_t length =
        from ? ::fgetxattr(from.number(), kLabel, label.data(), label.size()) : -1;
    if (length > 0)
        ::fsetxattr(to.number(), kLabel, label.data(), static_cast<std::size_t>(length), 0);
}

/// 0, or the system's error.
int renameOver(const Descriptor& folder) {
    int error = 0;
    if (::renameat(folder.number(), kNewName, folder.number(), kName) != 0) {
        error = errno;
        ::unlinkat(folder.number(), kNewName, 0);
    } else {
        ::fsync(folder.number()); // some file systems cannot; the file itself is complete
    }
    return error;
}

/// 0, or the system's error; then nothing has changed.
int replace(const Descriptor& folder, const NewState& state) {
    ::unlinkat(folder.number(), kNewName, 0);
    const Descriptor file(::openat(folder.number(), kNewName,
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file)
        return errno;
    copyLabel(folder, file);
    const bool written = writeAll(file, state.octets) &&
                         (state.attributes ? setAttributes(file, *state.attributes)
                                           : ::fchmod(file.number(), kReadableByAll) == 0) &&
                         ::fsync(file.number()) == 0;
    if (!written) {
        const int error = errno;
        ::unlinkat(folder.number(), kNewName, 0);
        return error;
    }
    return renameOver(folder);
}

/// The new content first, then the end: a reader in between sees no empty file.
bool overwrite(const Descriptor& file, const QByteArray& octets) {
    return writeAll(file, octets) && ::ftruncate(file.number(), octets.size()) == 0 &&
           ::fsync(file.number()) == 0;
}

/// 0, or the system's error; then the earlier content is back.
int writeInPlace(const Descriptor& folder, const NewState& state) {
    const Descriptor file(
        ::openat(folder.number(), kName, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (!file || ::fstat(file.number(), &status) != 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return EBUSY;
    const auto earlier = readAll(file, ResolvConfState::kMaxOctets);
    if (!earlier)
        return errno;
    if (overwrite(file, state.octets) &&
        (!state.attributes || setAttributes(file, *state.attributes)))
        return 0;
    const int error = errno;
    overwrite(file, *earlier);
    return error;
}

std::optional<ResolvConfState> stateOf(const struct stat& status) {
    ResolvConfState state;
    state.changed = fileTimeOf(status.st_ctim);
    if (S_ISLNK(status.st_mode)) {
        state.kind = ResolvConfState::Kind::Link;
    } else if (S_ISREG(status.st_mode)) {
        state.kind = ResolvConfState::Kind::Regular;
        state.attributes = {status.st_mode & kPermissionBits, status.st_uid, status.st_gid,
                            fileTimeOf(status.st_mtim)};
    } else {
        return std::nullopt;
    }
    return state;
}

std::optional<QString> linkText(const Descriptor& folder) {
    std::array<char, 4096> text{};
    const ssize_t length = ::readlinkat(folder.number(), kName, text.data(), text.size());
    if (length <= 0 || length >= static_cast<ssize_t>(text.size()))
        return std::nullopt;
    const QByteArray octets(text.data(), length);
    const QString decoded = QFile::decodeName(octets);
    if (QFile::encodeName(decoded) != octets)
        return std::nullopt;
    return decoded;
}

Fault readFault(int error) {
    if (error == EFBIG) {
        return {QStringLiteral("/etc/resolv.conf is longer than %1 KiB; shorten it")
                    .arg(ResolvConfState::kMaxOctets / 1024)};
    }
    return {QStringLiteral("/etc/resolv.conf cannot be read: %1").arg(qt_error_string(error))};
}

} // namespace

std::variant<ResolvConfState, Fault> ResolvConfFile::read() const {
    const Descriptor folder = openFolder(m_root, QLatin1String(kFolder));
    struct stat status {};
    if (!folder)
        return Fault{QStringLiteral("/etc cannot be read: %1").arg(qt_error_string(errno))};
    if (::fstatat(folder.number(), kName, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return ResolvConfState{};
        return readFault(errno);
    }
    std::optional<ResolvConfState> state = stateOf(status);
    if (!state)
        return Fault{QStringLiteral("/etc/resolv.conf is neither a file nor a link; remove it")};
    if (state->kind == ResolvConfState::Kind::Link) {
        const std::optional<QString> link = linkText(folder);
        if (!link)
            return Fault{QStringLiteral("/etc/resolv.conf is a link that cannot be read")};
        state->link = *link;
        state->octets =
            readRooted(m_root, QStringLiteral("/etc/resolv.conf"), ResolvConfState::kMaxOctets)
                .value_or(QByteArray());
        return *state;
    }
    const Descriptor file(
        ::openat(folder.number(), kName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    const auto octets = file ? readAll(file, ResolvConfState::kMaxOctets) : std::nullopt;
    if (!octets)
        return readFault(errno);
    state->octets = *octets;
    return *state;
}

std::optional<ResolvConfState> ResolvConfFile::behind(const ResolvConfState& link) const {
    const QString path = QDir::cleanPath(QDir(QLatin1String(kFolder)).filePath(link.link));
    auto octets = readRooted(m_root, path, ResolvConfState::kMaxOctets);
    if (!octets)
        return std::nullopt;
    ResolvConfState state = link;
    state.octets = *std::move(octets);
    return state;
}

std::optional<Fault> ResolvConfFile::obstacle() const {
    const auto state = read();
    if (const auto* fault = std::get_if<Fault>(&state))
        return *fault;
    const Descriptor folder = openFolder(m_root, QLatin1String(kFolder));
    // A mount of its own, as in containers, may be writable where its folder is not.
    const Descriptor file(::openat(folder.number(), kName, O_RDWR | O_NOFOLLOW | O_CLOEXEC));
    if (isReadOnly(folder) && !file)
        return Fault{readOnlyReason()};
    if (isImmutable(folder, kName))
        return Fault{immutableReason(QStringLiteral("/etc/resolv.conf"))};
    if (isImmutable(folder, ".") && !file)
        return Fault{immutableReason(QStringLiteral("/etc"))};
    return std::nullopt;
}

std::optional<Fault> ResolvConfFile::write(const QByteArray& octets,
                                           const std::optional<FileAttributes>& attributes) const {
    const Descriptor folder = openFolder(m_root, QLatin1String(kFolder));
    if (!folder)
        return changeFault(errno, folder);
    const NewState state{octets, attributes};
    const int error = replace(folder, state);
    if (error == 0)
        return std::nullopt;
    const bool maybeMount = error == EBUSY || error == EROFS;
    if (maybeMount && writeInPlace(folder, state) == 0)
        return std::nullopt;
    return changeFault(error, folder);
}

std::optional<Fault> ResolvConfFile::putLink(const QString& target) const {
    const Descriptor folder = openFolder(m_root, QLatin1String(kFolder));
    if (!folder)
        return changeFault(errno, folder);
    ::unlinkat(folder.number(), kNewName, 0);
    if (::symlinkat(QFile::encodeName(target).constData(), folder.number(), kNewName) != 0)
        return changeFault(errno, folder);
    const int error = renameOver(folder);
    return error == 0 ? std::nullopt : std::optional(changeFault(error, folder));
}

std::optional<Fault> ResolvConfFile::remove() const {
    const Descriptor folder = openFolder(m_root, QLatin1String(kFolder));
    if (!folder)
        return changeFault(errno, folder);
    if (::unlinkat(folder.number(), kName, 0) != 0 && errno != ENOENT)
        return changeFault(errno, folder);
    ::fsync(folder.number());
    return std::nullopt;
}

} // namespace sotto::systemdns
