// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_outbox.h"

namespace sotto::engine {

bool UdpOutbox::add(const std::shared_ptr<UdpSocket>& socket, Bytes message, const UdpPeer& peer) {
    m_datagrams.push_back({socket, peer, m_octets.size(), message.size()});
    m_octets.insert(m_octets.end(), message.begin(), message.end());
    return m_datagrams.size() >= kFull;
}

void UdpOutbox::flush() {
    for (std::size_t first = 0; first < m_datagrams.size();) {
        std::size_t end = first + 1;
        while (end < m_datagrams.size() && m_datagrams[end].socket == m_datagrams[first].socket)
            ++end;
        send(first, end - first);
        first = end;
    }
    m_datagrams.clear();
    m_octets.clear();
}

} // namespace sotto::engine
