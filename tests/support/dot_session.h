// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_state.h"

#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/steady_timer.hpp>

#include <array>
#include <deque>
#include <memory>
#include <vector>

namespace sotto::test {

/// One accepted connection of a DotServer (RFC 7858 framing): reads queries as they come and sends
/// answers as the script says. Lives on the server's thread and as long as an operation is pending.
class DotSession : public std::enable_shared_from_this<DotSession> {
public:
    DotSession(asio::ip::tcp::socket socket, asio::ssl::context tls,
               std::shared_ptr<ServerState> state, std::shared_ptr<const ServerScript> script);
    ~DotSession();

    void start();
    void end(Behaviour::Ending ending);

private:
    struct Outgoing {
        Bytes octets; ///< with the length prefix
        Behaviour::Ending ending = Behaviour::Ending::KeepOpen;
        bool isAnswer = true;
    };
    struct Held {
        std::vector<Outgoing> messages;
    };

    void readAndDiscard();
    void readLength();
    void readMessage(std::size_t length);
    void take(Bytes raw);
    void plan(const SeenQuery& query);
    void release(std::vector<Outgoing> messages);
    void holdBack(std::vector<Outgoing> messages);
    void releaseHeld();
    void send(Outgoing message);
    void writeNext();
    void watchIdleness();
    void close();

    asio::ssl::context m_tls;
    asio::ssl::stream<asio::ip::tcp::socket> m_stream;
    std::shared_ptr<ServerState> m_state;
    std::shared_ptr<const ServerScript> m_script; ///< as it was when the connection came
    std::uint64_t m_id = 0;
    std::array<std::uint8_t, 2> m_length{};
    Bytes m_incoming;
    std::deque<Outgoing> m_outgoing;
    std::vector<Held> m_held;
    asio::steady_timer m_holdTimer;
    asio::steady_timer m_idleTimer;
    asio::steady_timer m_closeTimer;
    std::size_t m_inFlight = 0;
    std::size_t m_answers = 0;
    bool m_ending = false;
    bool m_closed = false;
};

} // namespace sotto::test
