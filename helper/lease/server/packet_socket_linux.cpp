// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/server/packet_socket.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sotto::lease {

namespace {

constexpr int kBacklog = 16;
constexpr int kKind = SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC;
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kSocketMode = 0600;

std::optional<sockaddr_un> addressOf(const QString& path) {
    sockaddr_un address{};
    const QByteArray name = QFile::encodeName(path);
    if (!path.startsWith(QLatin1Char('/')) ||
        static_cast<std::size_t>(name.size()) >= sizeof(address.sun_path))
        return std::nullopt;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    return address;
}

QString badPath(const QString& path) {
    return QStringLiteral("%1: an absolute path of at most %2 characters is expected")
        .arg(path)
        .arg(sizeof(sockaddr_un::sun_path) - 1);
}

Listening failed(const QString& what, int descriptor = -1) {
    const QString why = QStringLiteral("%1: %2").arg(what, qt_error_string(errno));
    closeSocket(descriptor);
    return {-1, why};
}

/// Empty where the path is free, or was left by somebody who has ended.
QString clearPath(const QString& path) {
    struct stat status {};
    const QByteArray name = QFile::encodeName(path);
    if (::lstat(name.constData(), &status) != 0)
        return {};
    if (!S_ISSOCK(status.st_mode))
        return QStringLiteral("%1: there is a file of another kind").arg(path);
    QString why;
    if (const auto other = connectTo(path, why)) {
        closeSocket(*other);
        return QStringLiteral("%1: another lease keeper serves it").arg(path);
    }
    return ::unlink(name.constData()) == 0 ? QString() : qt_error_string(errno);
}

} // namespace

Listening listenAt(const QString& path, std::optional<quint32> owner) {
    const auto address = addressOf(path);
    if (!address)
        return {-1, badPath(path)};
    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    if (::mkdir(folder.constData(), kFolderMode) != 0 && errno != EEXIST)
        return failed(QFile::decodeName(folder));
    const QString fault = clearPath(path);
    if (!fault.isEmpty())
        return {-1, fault};
    const int descriptor = ::socket(AF_UNIX, kKind, 0);
    // The mode of the descriptor is the one that the file gets: there is no moment with another.
    if (descriptor < 0 || ::fchmod(descriptor, kSocketMode) != 0 ||
        ::bind(descriptor, reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) != 0)
        return failed(path, descriptor);
    if (owner && ::geteuid() == 0 &&
        ::lchown(address->sun_path, static_cast<uid_t>(*owner), static_cast<gid_t>(-1)) != 0)
        return failed(path, descriptor);
    if (::listen(descriptor, kBacklog) != 0)
        return failed(path, descriptor);
    return {descriptor, {}};
}

Listening listenOn(int descriptor) {
    int kind = 0;
    int listens = 0;
    socklen_t size = sizeof(kind);
    sockaddr_storage address{};
    socklen_t addressSize = sizeof(address);
    const bool fits =
        ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) == 0 &&
        ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 &&
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &addressSize) == 0 &&
        address.ss_family == AF_UNIX && kind == SOCK_SEQPACKET && listens != 0;
    if (!fits)
        return {-1, QStringLiteral("the socket that was handed over is not a listening local one "
                                   "for packets")};
    return {descriptor, {}};
}

std::optional<int> acceptPeer(int listening) {
    const int descriptor = ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return descriptor < 0 ? std::nullopt : std::optional(descriptor);
}

std::optional<quint32> userOfPeer(int connection) {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 ||
        size != sizeof(credentials))
        return std::nullopt;
    return credentials.uid;
}

Received receivePacket(int connection, QByteArray& packet, qsizetype limit) {
    packet.resize(limit);
    const auto size = ::recv(connection, packet.data(), static_cast<std::size_t>(limit),
                             MSG_DONTWAIT | MSG_TRUNC);
    packet.truncate(std::max<qsizetype>(std::min<qsizetype>(size, limit), 0));
    if (size < 0)
        return errno == EAGAIN || errno == EINTR ? Received::Nothing : Received::Gone;
    if (size == 0) // the end, or a packet that says nothing
        return Received::Gone;
    return size > limit ? Received::TooLarge : Received::Packet;
}

bool sendPacket(int connection, const QByteArray& packet) {
    return ::send(connection, packet.constData(), static_cast<std::size_t>(packet.size()),
                  MSG_DONTWAIT | MSG_NOSIGNAL) == packet.size();
}

bool awaitPacket(int connection, int timeoutMillis) {
    pollfd entry{connection, POLLIN, 0};
    return ::poll(&entry, 1, timeoutMillis) == 1;
}

std::optional<int> connectTo(const QString& path, QString& why) {
    const auto address = addressOf(path);
    if (!address) {
        why = badPath(path);
        return std::nullopt;
    }
    const int descriptor = ::socket(AF_UNIX, kKind, 0);
    if (descriptor >= 0 &&
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) == 0)
        return descriptor;
    why = QStringLiteral("%1: %2").arg(path, qt_error_string(errno));
    closeSocket(descriptor);
    return std::nullopt;
}

void closeSocket(int descriptor) {
    if (descriptor < 0)
        return;
    const int kept = errno;
    ::close(descriptor);
    errno = kept;
}

} // namespace sotto::lease
