// SPDX-License-Identifier: GPL-3.0-or-later
#include "silent_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::test {
namespace {

constexpr int kMostConnections = 64;
constexpr int kAnswerWithinMs = 60; // on loopback an answer takes some microseconds

union AnyAddress {
    sockaddr base;
    sockaddr_in v4;
    sockaddr_in6 v6;
    sockaddr_storage room;
};

std::uint16_t portOf(const AnyAddress& address) {
    return ntohs(address.base.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

AnyAddress nameOf(int socket) {
    AnyAddress name{};
    socklen_t length = sizeof name;
    ::getsockname(socket, &name.base, &length);
    return name;
}

socklen_t lengthOf(const AnyAddress& address) {
    return address.base.sa_family == AF_INET6 ? sizeof address.v6 : sizeof address.v4;
}

} // namespace

QueueFiller::QueueFiller(int listener) {
    ::listen(listener, 0);
    const AnyAddress target = nameOf(listener);
    while (!m_full && m_sockets.size() < kMostConnections) {
        const int next =
            ::socket(target.base.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (next < 0)
            return;
        m_sockets.push_back(next);
        ::connect(next, &target.base, lengthOf(target));
        m_ports.push_back(portOf(nameOf(next)));
        pollfd connected{next, POLLOUT, 0};
        m_full = ::poll(&connected, 1, kAnswerWithinMs) == 0;
    }
}

QueueFiller::~QueueFiller() {
    for (const int each : m_sockets)
        ::close(each);
}

SilentPort::SilentPort(const std::string& address, std::uint16_t port) {
    AnyAddress own{};
    if (::inet_pton(AF_INET, address.c_str(), &own.v4.sin_addr) == 1) {
        own.v4.sin_family = AF_INET;
        own.v4.sin_port = htons(port);
    } else if (::inet_pton(AF_INET6, address.c_str(), &own.v6.sin6_addr) == 1) {
        own.v6.sin6_family = AF_INET6;
        own.v6.sin6_port = htons(port);
    }
    m_listener = ::socket(own.base.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (m_listener < 0)
        return;
    const int yes = 1;
    ::setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(m_listener, &own.base, lengthOf(own)) != 0 || ::listen(m_listener, 0) != 0)
        return;
    m_port = portOf(nameOf(m_listener));
    m_filler = std::make_unique<QueueFiller>(m_listener);
}

SilentPort::~SilentPort() {
    m_filler.reset();
    if (m_listener >= 0)
        ::close(m_listener);
}

} // namespace sotto::test
