// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_listener.h"

namespace sotto::engine {

void UdpListener::setSockets(std::vector<std::shared_ptr<UdpSocket>> sockets) {
    {
        const std::lock_guard lock(m_mutex);
        m_wanted = std::move(sockets);
    }
    wake();
}

void UdpListener::stop() {
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    wake();
    m_thread.join();
}

} // namespace sotto::engine
