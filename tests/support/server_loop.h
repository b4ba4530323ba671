// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "silent_port.h"
#include "stream_session.h"
#include "udp_service.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sotto::test {

/// The sockets of one server and the thread they live on. Its members belong to the server's owner
/// and pass on what concerns the sockets.
class ServerLoop {
public:
    struct Settings {
        std::string address;
        std::uint16_t port = 0;
        bool encrypted = true; ///< TLS on the port; else plain TCP and UDP
        bool fastOpen = false;
    };

    explicit ServerLoop(std::shared_ptr<ServerState> state);
    /// Closes the port and all connections.
    ~ServerLoop();

    bool listen(const Settings& settings, std::string& why);
    std::uint16_t port() const { return m_settings.port; }
    void endConnections(Behaviour::Ending ending);
    /// Closes the listening socket alone, and opens it again; false where that fails.
    void stopListening();
    bool listenAgain();
    /// The thread stands still until wake(); the system still takes new connections, unless it
    /// shall drop them.
    void hang(bool dropsConnections);
    void wake();

private:
    bool open(std::string& why);
    void accept();
    void serve(asio::ip::tcp::socket socket);
    void endAll(Behaviour::Ending ending);
    void onThread(const std::function<void()>& what);

    std::shared_ptr<ServerState> m_state;
    Settings m_settings;
    asio::io_context m_io{1};
    asio::ip::tcp::acceptor m_acceptor{m_io};
    std::optional<UdpService> m_udp;
    std::vector<std::weak_ptr<StreamSession>> m_sessions;
    std::unique_ptr<QueueFiller> m_filler;
    std::vector<std::uint16_t> m_notClients; ///< ports of connections that only fill the queue
    std::optional<std::promise<void>> m_wake;
    std::thread m_thread;
};

} // namespace sotto::test
