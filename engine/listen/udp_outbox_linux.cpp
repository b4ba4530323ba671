// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_outbox.h"
#include "listen/udp_socket_linux.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace sotto::engine {

void UdpOutbox::send(std::size_t first, std::size_t count) {
    std::array<mmsghdr, kFull> headers{};
    std::array<iovec, kFull> parts;
    count = std::min(count, kFull);
    for (std::size_t i = 0; i < count; ++i) {
        Datagram& datagram = m_datagrams[first + i];
        parts[i] = {&m_octets[datagram.begin], datagram.size};
        msghdr& header = headers[i].msg_hdr;
        header.msg_name = datagram.peer.address.data();
        header.msg_namelen = datagram.peer.addressLength;
        header.msg_iov = &parts[i];
        header.msg_iovlen = 1;
        if (datagram.peer.controlLength) {
            header.msg_control = datagram.peer.control.data();
            header.msg_controllen = datagram.peer.controlLength;
        }
    }
    const int descriptor = m_datagrams[first].socket->system().descriptor;
    for (std::size_t sent = 0; sent < count;) {
        const int taken = ::sendmmsg(descriptor, &headers[sent],
                                     static_cast<unsigned>(count - sent), MSG_DONTWAIT);
        if (taken > 0)
            sent += static_cast<std::size_t>(taken);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno != EINTR)
            ++sent; // this one cannot be sent; the others can
    }
}

} // namespace sotto::engine
