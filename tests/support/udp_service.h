// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_state.h"

#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>

#include <array>
#include <memory>

namespace sotto::test {

/// DNS over UDP from one socket, as the script says; what is too large for the client goes out with
/// TC and without records. Lives on its server's thread.
class UdpService {
public:
    /// The socket is bound.
    UdpService(asio::ip::udp::socket socket, std::shared_ptr<ServerState> state);

    void start();
    void close();

private:
    void take(Bytes raw);
    void send(const Bytes& message, const asio::ip::udp::endpoint& client, bool fromElsewhere);

    asio::ip::udp::socket m_socket;
    std::shared_ptr<ServerState> m_state;
    std::array<std::uint8_t, 65536> m_buffer{};
    asio::ip::udp::endpoint m_client;
};

} // namespace sotto::test
