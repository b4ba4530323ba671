// SPDX-License-Identifier: GPL-3.0-or-later
#include "echo_server.h"

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace sotto::bench {

bool serveEcho(std::uint16_t port) {
    constexpr unsigned kBatch = 64;
    constexpr int kReceiveBuffer = 4 << 20;
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return false;

    static std::array<std::array<unsigned char, 2048>, kBatch> buffers;
    std::array<sockaddr_in, kBatch> peers{};
    std::array<iovec, kBatch> parts{};
    std::array<mmsghdr, kBatch> messages{};
    for (;;) {
        for (unsigned i = 0; i < kBatch; ++i) {
            parts[i] = {buffers[i].data(), buffers[i].size()};
            messages[i].msg_hdr = {};
            messages[i].msg_hdr.msg_name = &peers[i];
            messages[i].msg_hdr.msg_namelen = sizeof peers[i];
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        const int received = ::recvmmsg(descriptor, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
        if (received <= 0) {
            pollfd waiting{descriptor, POLLIN, 0};
            ::poll(&waiting, 1, -1);
            continue;
        }
        for (int i = 0; i < received; ++i) {
            buffers[static_cast<unsigned>(i)][2] |= 0x80;
            parts[static_cast<unsigned>(i)].iov_len = messages[static_cast<unsigned>(i)].msg_len;
        }
        ::sendmmsg(descriptor, messages.data(), static_cast<unsigned>(received), MSG_DONTWAIT);
    }
}

} // namespace sotto::bench
