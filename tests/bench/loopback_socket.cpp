// SPDX-License-Identifier: GPL-3.0-or-later
#include "loopback_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

LoopbackSocket::LoopbackSocket(std::uint16_t port)
    : m_descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    constexpr int kReceiveBuffer = 4 << 20;
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(m_descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

LoopbackSocket::~LoopbackSocket() {
    ::close(m_descriptor);
}

bool LoopbackSocket::readable(std::chrono::milliseconds patience) const {
    pollfd waiting{m_descriptor, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
}

} // namespace sotto::bench
