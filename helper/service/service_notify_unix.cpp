// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/service_notify.h"

#include <QCoreApplication>

#include <chrono>
#include <cstddef>
#include <cstring>
#include <ctime>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sotto::service {

namespace {

QByteArray take(const char* variable) {
    const QByteArray value = qgetenv(variable);
    qunsetenv(variable); // it is for this process alone
    return value;
}

qint64 monotonicMicros() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return qint64{now.tv_sec} * 1000000 + now.tv_nsec / 1000;
}

} // namespace

ServiceNotify::ServiceNotify(QObject* parent)
    : QObject(parent)
    , m_socket(take("NOTIFY_SOCKET")) {
    const qint64 micros = take("WATCHDOG_USEC").toLongLong();
    const QByteArray watched = take("WATCHDOG_PID");
    const bool isWatched =
        watched.isEmpty() || watched.toLongLong() == QCoreApplication::applicationPid();
    if (m_socket.isEmpty() || micros <= 0 || !isWatched)
        return;
    m_watchdog.setInterval(std::chrono::milliseconds(std::max<qint64>(micros / 4000, 1)));
    connect(&m_watchdog, &QTimer::timeout, this, [this] {
        if (!m_isAlive || m_isAlive())
            send("WATCHDOG=1");
    });
    m_watchdog.start();
}

void ServiceNotify::ready() {
    send("READY=1");
}

void ServiceNotify::reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + QByteArray::number(monotonicMicros()));
}

void ServiceNotify::stopping() {
    send("STOPPING=1");
}

void ServiceNotify::status(const QString& text) {
    if (m_socket.isEmpty() || text == m_status)
        return;
    m_status = text;
    send("STATUS=" + text.toUtf8().replace('\n', ' '));
}

void ServiceNotify::send(const QByteArray& message) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (m_socket.isEmpty() || static_cast<std::size_t>(m_socket.size()) >= sizeof address.sun_path)
        return;
    std::memcpy(address.sun_path, m_socket.constData(), static_cast<std::size_t>(m_socket.size()));
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0'; // a name without a file
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                               static_cast<std::size_t>(m_socket.size()));
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return;
    (void)::sendto(descriptor, message.constData(), static_cast<std::size_t>(message.size()),
                   MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address),
                   length);
    ::close(descriptor);
}

} // namespace sotto::service
