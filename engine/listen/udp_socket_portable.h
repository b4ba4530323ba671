// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "listen/udp_socket.h"

#include <asio/ip/udp.hpp>

namespace sotto::engine {

/// The bare handle, which belongs to no event loop, so that any thread may send by it.
struct UdpSocket::System {
    explicit System(asio::ip::udp::socket socket);
    ~System();
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    const asio::ip::udp protocol;
    const asio::ip::udp::socket::native_handle_type handle;
};

/// A peer as Asio has it, and back.
void keepPeer(const asio::ip::udp::endpoint& from, UdpPeer& peer);
asio::ip::udp::endpoint peerEndpoint(const UdpPeer& peer);

} // namespace sotto::engine
