// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "listen/udp_socket.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace sotto::engine {

/// Answers that leave together, in as few system calls as the system allows. One thread.
class UdpOutbox {
public:
    /// Then it is time to flush().
    static constexpr std::size_t kFull = 64;

    /// Copies the message. True where the box is full.
    bool add(const std::shared_ptr<UdpSocket>& socket, Bytes message, const UdpPeer& peer);
    bool empty() const { return m_datagrams.empty(); }
    /// Sends all. What the system does not take is lost, as UDP may.
    void flush();

private:
    struct Datagram {
        std::shared_ptr<UdpSocket> socket;
        UdpPeer peer;
        std::size_t begin = 0; ///< in m_octets
        std::size_t size = 0;
    };

    /// Sends count datagrams from the one at first on, all of them on its socket.
    void send(std::size_t first, std::size_t count);

    std::vector<Datagram> m_datagrams;
    std::vector<std::uint8_t> m_octets;
};

} // namespace sotto::engine
