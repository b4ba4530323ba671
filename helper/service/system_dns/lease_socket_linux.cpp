// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/system_dns/lease_socket.h"

#include "lease/contract/lease_messages.h"

#include <QFile>
#include <QSocketNotifier>

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sotto::service {

namespace {

constexpr int kPacketsAtOnce = 16;

/// The user at the other end. Of a socket that systemd holds for the keeper this is root.
bool isTrusted(int descriptor, QString& why) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        why = qt_error_string(errno);
        return false;
    }
    if (peer.uid == 0 || peer.uid == ::geteuid())
        return true;
    why = QStringLiteral("user %1 serves it, who is not root").arg(peer.uid);
    return false;
}

} // namespace

LeaseSocket::LeaseSocket(QObject* parent)
    : QObject(parent) {}

LeaseSocket::~LeaseSocket() {
    close();
}

bool LeaseSocket::open(const QString& path, QString& why) {
    close();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(path);
    if (name.isEmpty() || static_cast<std::size_t>(name.size()) >= sizeof address.sun_path) {
        why = QStringLiteral("a path of at most %1 characters is expected")
                  .arg(sizeof address.sun_path - 1);
        return false;
    }
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    m_descriptor = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (m_descriptor < 0 ||
        ::connect(m_descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        why = errno == ENOENT         ? QStringLiteral("there is no such socket")
              : errno == ECONNREFUSED ? QStringLiteral("nobody serves it")
              : errno == EACCES       ? QStringLiteral("this user may not open it")
                                      : qt_error_string(errno);
        close();
        return false;
    }
    if (!isTrusted(m_descriptor, why)) {
        close();
        return false;
    }
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &LeaseSocket::read);
    return true;
}

bool LeaseSocket::send(const QByteArray& packet) {
    return isOpen() &&
           ::send(m_descriptor, packet.constData(), static_cast<std::size_t>(packet.size()),
                  MSG_NOSIGNAL | MSG_DONTWAIT) == packet.size();
}

void LeaseSocket::close() {
    if (m_notifier)
        m_notifier.release()->deleteLater(); // we may be inside its signal
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
}

void LeaseSocket::read() {
    for (int left = kPacketsAtOnce; left > 0 && isOpen(); --left) {
        QByteArray packet(lease::kMaxPacket, Qt::Uninitialized);
        const auto octets =
            ::recv(m_descriptor, packet.data(), static_cast<std::size_t>(packet.size()),
                   MSG_DONTWAIT | MSG_TRUNC);
        if (octets < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (octets <= 0 || octets > packet.size()) {
            close();
            emit lost();
            return;
        }
        packet.truncate(octets);
        emit received(packet);
    }
}

} // namespace sotto::service
