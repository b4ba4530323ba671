// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_outbox.h"

namespace sotto::engine {

void UdpOutbox::send(std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i) {
        const Datagram& datagram = m_datagrams[i];
        datagram.socket->send(Bytes(m_octets).subspan(datagram.begin, datagram.size),
                              datagram.peer);
    }
}

} // namespace sotto::engine
