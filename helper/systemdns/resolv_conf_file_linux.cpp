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

constexpr mode_t kReadableByAll = 0644;
constexpr mode_t kPermissionBits = 07777;

/// A name in an open folder.
struct Place {
    Place(const QString& root, const QString& folderPath, const QString& fileName)
        : folder(openFolder(root, folderPath))
        , error(folder ? 0 : errno)
        , name(QFile::encodeName(fileName))
        , newName('.' + name + ".sotto-new")
        , path(folderPath + QLatin1Char('/') + fileName) {}

    Descriptor folder;
    int error; ///< why the folder cannot be opened
    QByteArray name;
    /// One name for all tries, so that a crash leaves at most one such file, which the next try
    /// removes.
    QByteArray newName;
    QString path; ///< for people
};

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

bool isImmutable(const Descriptor& folder, const QByteArray& name) {
    const Descriptor file(::openat(folder.number(), name.constData(),
                                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
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

QString readOnlyReason(const QString& path) {
    return QStringLiteral("the file system of %1 is read-only; make it writable, or set the DNS "
                          "where that file comes from")
        .arg(path);
}

/// What people can do about the system's answer to a change.
Fault changeFault(int error, const Place& place) {
    if (error == EROFS)
        return {readOnlyReason(place.path)};
    if (error == EPERM || error == EACCES) {
        if (isImmutable(place.folder, place.name))
            return {immutableReason(place.path)};
        if (isImmutable(place.folder, "."))
            return {immutableReason(place.path.section(QLatin1Char('/'), 0, -2))};
    }
    return {QStringLiteral("%1 cannot be changed: %2").arg(place.path, qt_error_string(error))};
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

/// The owner comes last: what belongs to another takes a further capability to be changed.
bool setAttributes(const Descriptor& file, const FileAttributes& attributes) {
    const timespec modified = timespecOf(attributes.modified);
    const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, modified};
    return ::fchmod(file.number(), attributes.mode) == 0 &&
           ::futimens(file.number(), times.data()) == 0 &&
           ::fchown(file.number(), attributes.uid, attributes.gid) == 0;
}

/// SELinux lets network daemons write only what carries this file's label, and a new file in /etc
/// has another one. Elsewhere there is no such attribute.
void copyLabel(const Place& place, const Descriptor& to) {
    constexpr auto kLabel = "security.selinux";
    const Descriptor from(::openat(place.folder.number(), place.name.constData(),
                                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    std::array<char, 256> label{};
    const ssize_t length =
        from ? ::fgetxattr(from.number(), kLabel, label.data(), label.size()) : -1;
    if (length > 0)
        ::fsetxattr(to.number(), kLabel, label.data(), static_cast<std::size_t>(length), 0);
}

/// 0, or the system's error.
int renameOver(const Place& place) {
    int error = 0;
    if (::renameat(place.folder.number(), place.newName.constData(), place.folder.number(),
                   place.name.constData()) != 0) {
        error = errno;
        ::unlinkat(place.folder.number(), place.newName.constData(), 0);
    } else {
        ::fsync(place.folder.number()); // some file systems cannot; the file itself is complete
    }
    return error;
}

/// 0, or the system's error; then nothing has changed.
int replace(const Place& place, const NewState& state) {
    ::unlinkat(place.folder.number(), place.newName.constData(), 0);
    const Descriptor file(::openat(place.folder.number(), place.newName.constData(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file)
        return errno;
    copyLabel(place, file);
    const bool written = writeAll(file, state.octets) &&
                         (state.attributes ? setAttributes(file, *state.attributes)
                                           : ::fchmod(file.number(), kReadableByAll) == 0) &&
                         ::fsync(file.number()) == 0;
    if (!written) {
        const int error = errno;
        ::unlinkat(place.folder.number(), place.newName.constData(), 0);
        return error;
    }
    return renameOver(place);
}

/// The new content first, then the end: a reader in between sees no empty file.
bool overwrite(const Descriptor& file, const QByteArray& octets) {
    return writeAll(file, octets) && ::ftruncate(file.number(), octets.size()) == 0 &&
           ::fsync(file.number()) == 0;
}

/// 0, or the system's error; then the earlier content is back.
int writeInPlace(const Place& place, const NewState& state) {
    const Descriptor file(::openat(place.folder.number(), place.name.constData(),
                                   O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
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
    state.attributes = {status.st_mode & kPermissionBits, status.st_uid, status.st_gid,
                        fileTimeOf(status.st_mtim)};
    if (S_ISLNK(status.st_mode))
        state.kind = ResolvConfState::Kind::Link;
    else if (S_ISREG(status.st_mode))
        state.kind = ResolvConfState::Kind::Regular;
    else
        return std::nullopt;
    return state;
}

std::optional<QString> linkText(const Place& place) {
    std::array<char, 4096> text{};
    const ssize_t length =
        ::readlinkat(place.folder.number(), place.name.constData(), text.data(), text.size());
    if (length <= 0 || length >= static_cast<ssize_t>(text.size()))
        return std::nullopt;
    const QByteArray octets(text.data(), length);
    const QString decoded = QFile::decodeName(octets);
    if (QFile::encodeName(decoded) != octets)
        return std::nullopt;
    return decoded;
}

Fault readFault(int error, const Place& place) {
    if (error == EFBIG) {
        return {QStringLiteral("%1 is longer than %2 KiB; shorten it")
                    .arg(place.path)
                    .arg(ResolvConfState::kMaxOctets / 1024)};
    }
    return {QStringLiteral("%1 cannot be read: %2").arg(place.path, qt_error_string(error))};
}

} // namespace

std::variant<ResolvConfState, Fault> ResolvConfFile::read() const {
    const Place place(m_root, m_folder, m_name);
    struct stat status {};
    if (!place.folder)
        return Fault{
            QStringLiteral("%1 cannot be read: %2").arg(m_folder, qt_error_string(place.error))};
    if (::fstatat(place.folder.number(), place.name.constData(), &status, AT_SYMLINK_NOFOLLOW) !=
        0) {
        if (errno == ENOENT)
            return ResolvConfState{};
        return readFault(errno, place);
    }
    std::optional<ResolvConfState> state = stateOf(status);
    if (!state)
        return Fault{QStringLiteral("%1 is neither a file nor a link; remove it").arg(place.path)};
    if (state->kind == ResolvConfState::Kind::Link) {
        const std::optional<QString> link = linkText(place);
        if (!link)
            return Fault{QStringLiteral("%1 is a link that cannot be read").arg(place.path)};
        state->link = *link;
        state->octets =
            readRooted(m_root, place.path, ResolvConfState::kMaxOctets).value_or(QByteArray());
        return *state;
    }
    const Descriptor file(::openat(place.folder.number(), place.name.constData(),
                                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    const auto octets = file ? readAll(file, ResolvConfState::kMaxOctets) : std::nullopt;
    if (!octets)
        return readFault(errno, place);
    state->octets = *octets;
    return *state;
}

std::optional<ResolvConfState> ResolvConfFile::behind(const ResolvConfState& link) const {
    const QString path = QDir::cleanPath(QDir(m_folder).filePath(link.link));
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
    const Place place(m_root, m_folder, m_name);
    // A mount of its own, as in containers, may be writable where its folder is not.
    const Descriptor file(::openat(place.folder.number(), place.name.constData(),
                                   O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (isReadOnly(place.folder) && !file)
        return changeFault(EROFS, place);
    if (isImmutable(place.folder, place.name) || isImmutable(place.folder, "."))
        return changeFault(EPERM, place);
    return std::nullopt;
}

std::optional<Fault> ResolvConfFile::write(const QByteArray& octets,
                                           const std::optional<FileAttributes>& attributes) const {
    const Place place(m_root, m_folder, m_name);
    if (!place.folder)
        return changeFault(place.error, place);
    const NewState state{octets, attributes};
    const int error = replace(place, state);
    if (error == 0)
        return std::nullopt;
    const bool maybeMount = error == EBUSY || error == EROFS;
    if (maybeMount && writeInPlace(place, state) == 0)
        return std::nullopt;
    return changeFault(error, place);
}

std::optional<Fault> ResolvConfFile::putLink(const QString& target,
                                             const FileAttributes& attributes) const {
    const Place place(m_root, m_folder, m_name);
    if (!place.folder)
        return changeFault(place.error, place);
    ::unlinkat(place.folder.number(), place.newName.constData(), 0);
    const timespec modified = timespecOf(attributes.modified);
    const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, modified};
    if (::symlinkat(QFile::encodeName(target).constData(), place.folder.number(),
                    place.newName.constData()) != 0 ||
        ::utimensat(place.folder.number(), place.newName.constData(), times.data(),
                    AT_SYMLINK_NOFOLLOW) != 0 ||
        ::fchownat(place.folder.number(), place.newName.constData(), attributes.uid, attributes.gid,
                   AT_SYMLINK_NOFOLLOW) != 0) {
        const int error = errno;
        ::unlinkat(place.folder.number(), place.newName.constData(), 0);
        return changeFault(error, place);
    }
    const int error = renameOver(place);
    return error == 0 ? std::nullopt : std::optional(changeFault(error, place));
}

std::optional<Fault> ResolvConfFile::remove() const {
    const Place place(m_root, m_folder, m_name);
    if (!place.folder)
        return changeFault(place.error, place);
    if (::unlinkat(place.folder.number(), place.name.constData(), 0) != 0 && errno != ENOENT)
        return changeFault(errno, place);
    ::fsync(place.folder.number());
    return std::nullopt;
}

} // namespace sotto::systemdns
