// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/supervisor.h"

#include <cstddef>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sotto::lease {

Supervisor::Supervisor(QByteArray notifySocket, qint64 watchdogMicros)
    : m_socket(std::move(notifySocket)) {
    if (watchdogMicros <= 0)
        return;
    m_alive.setInterval(static_cast<int>(watchdogMicros / 1000 / 2));
    QObject::connect(&m_alive, &QTimer::timeout, [this] { say("WATCHDOG=1"); });
}

void Supervisor::ready() {
    say("READY=1");
    if (m_alive.interval() > 0)
        m_alive.start();
}

void Supervisor::say(const QByteArray& message) const {
    sockaddr_un address{};
    const auto length = static_cast<std::size_t>(m_socket.size());
    if (length == 0 || length >= sizeof(address.sun_path))
        return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, m_socket.constData(), length);
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0'; // a name without a file, unix(7)
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return;
    ::sendto(socket, message.constData(), static_cast<std::size_t>(message.size()), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address),
             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
    ::close(socket);
}

} // namespace sotto::lease
