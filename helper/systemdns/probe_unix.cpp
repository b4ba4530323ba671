// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/probe.h"

#include <QDeadlineTimer>
#include <QRandomGenerator>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::systemdns {

namespace {

constexpr qsizetype kMaxMessage = 65535;

Fault system(const QString& what) {
    return Fault{QStringLiteral("%1: %2").arg(what, QString::fromLocal8Bit(std::strerror(errno)))};
}

/// A socket of this call, closed with it.
class ProbeSocket {
public:
    ProbeSocket(int family, Transport transport)
        : m_descriptor(::socket(family,
                                (transport == Transport::Udp ? SOCK_DGRAM : SOCK_STREAM) |
                                    SOCK_CLOEXEC | SOCK_NONBLOCK,
                                0)) {}
    ~ProbeSocket() {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    ProbeSocket(const ProbeSocket&) = delete;
    ProbeSocket& operator=(const ProbeSocket&) = delete;

    int descriptor() const { return m_descriptor; }

    /// Whether it came to that before the deadline.
    bool await(short events, const QDeadlineTimer& deadline) const {
        pollfd entry{m_descriptor, events, 0};
        int ready = 0;
        do {
            ready = ::poll(&entry, 1, static_cast<int>(deadline.remainingTime()));
        } while (ready < 0 && errno == EINTR);
        if (ready == 0)
            errno = ETIMEDOUT;
        return ready > 0;
    }

    /// The error that the socket has met since; 0 for none.
    int pendingError() const {
        int error = 0;
        socklen_t size = sizeof(error);
        ::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        return error;
    }

    bool sendAll(const QByteArray& octets, const QDeadlineTimer& deadline) const {
        qsizetype sent = 0;
        while (sent < octets.size()) {
            const ssize_t count = ::send(m_descriptor, octets.constData() + sent,
                                         static_cast<size_t>(octets.size() - sent), MSG_NOSIGNAL);
            if (count > 0)
                sent += count;
            else if (errno != EINTR && (errno != EAGAIN || !await(POLLOUT, deadline)))
                return false;
        }
        return true;
    }

    /// What there is, at most that many octets; empty at the end of a stream, or with errno set.
    QByteArray receive(qsizetype most, const QDeadlineTimer& deadline) const {
        QByteArray octets(most, Qt::Uninitialized);
        for (;;) {
            const ssize_t count = ::recv(m_descriptor, octets.data(), static_cast<size_t>(most), 0);
            if (count >= 0) {
                errno = ECONNRESET;
                return octets.left(count);
            }
            if (errno != EINTR && (errno != EAGAIN || !await(POLLIN, deadline)))
                return {};
        }
    }

    QByteArray receiveAll(qsizetype wanted, const QDeadlineTimer& deadline) const {
        QByteArray octets;
        while (octets.size() < wanted) {
            const QByteArray more = receive(wanted - octets.size(), deadline);
            if (more.isEmpty())
                return {};
            octets += more;
        }
        return octets;
    }

private:
    int m_descriptor;
};

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

SocketAddress socketAddress(const QString& text, quint16 port) {
    SocketAddress address;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    const QByteArray octets = text.toLatin1();
    if (::inet_pton(AF_INET, octets.constData(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        address.size = sizeof(sockaddr_in);
    } else if (::inet_pton(AF_INET6, octets.constData(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        address.size = sizeof(sockaddr_in6);
    }
    return address;
}

/// The next message from there; empty with errno set where none comes.
QByteArray nextMessage(const ProbeSocket& socket, Transport transport,
                       const QDeadlineTimer& deadline) {
    if (transport == Transport::Udp)
        return socket.receive(kMaxMessage, deadline);
    const QByteArray length = socket.receiveAll(2, deadline);
    if (length.isEmpty())
        return {};
    return socket.receiveAll(
        (static_cast<quint8>(length.at(0)) << 8) | static_cast<quint8>(length.at(1)), deadline);
}

} // namespace

std::variant<QStringList, Fault> probe(const QString& name, const QString& address, quint16 port,
                                       Transport transport, std::chrono::milliseconds patience) {
    const QDeadlineTimer deadline(patience);
    const QByteArray query =
        probeQuery(name, static_cast<quint16>(QRandomGenerator::system()->generate()));
    const SocketAddress server = socketAddress(address, port);
    if (query.isEmpty() || server.size == 0)
        return Fault{QStringLiteral("%1 cannot be asked at %2").arg(name, address)};

    const QString where =
        QStringLiteral("%1 port %2 by %3")
            .arg(address)
            .arg(port)
            .arg(transport == Transport::Udp ? QLatin1String("UDP") : QLatin1String("TCP"));
    const ProbeSocket socket(server.storage.ss_family, transport);
    if (socket.descriptor() < 0)
        return system(where);
    // A connected socket takes in nothing from elsewhere, and learns that nobody listens.
    if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&server.storage),
                  server.size) != 0) {
        if (errno != EINPROGRESS || !socket.await(POLLOUT, deadline))
            return system(where);
        errno = socket.pendingError();
        if (errno != 0)
            return system(where);
    }

    QByteArray framed = query;
    if (transport == Transport::Tcp) {
        framed.prepend(static_cast<char>(query.size() & 0xff));
        framed.prepend(static_cast<char>(query.size() >> 8));
    }
    if (!socket.sendAll(framed, deadline))
        return system(where);
    for (;;) {
        const QByteArray message = nextMessage(socket, transport, deadline);
        if (message.isEmpty() && !(transport == Transport::Udp && errno == ECONNRESET))
            return system(where);
        if (const auto answer = readProbeAnswer(message, query)) {
            if (const auto* fault = std::get_if<Fault>(&*answer))
                return Fault{QStringLiteral("%1: %2").arg(where, fault->reason)};
            return *answer;
        }
        if (deadline.hasExpired()) {
            errno = ETIMEDOUT;
            return system(where);
        }
    }
}

} // namespace sotto::systemdns
