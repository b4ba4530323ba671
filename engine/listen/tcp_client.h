// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "listen/stream_framer.h"
#include "listen/tcp_listener.h"

#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

namespace sotto::engine {

/// One client over TCP (RFC 7766): many queries under way, answers in whatever order they come.
/// Reading pauses while too much waits to be answered or to be read by the client, so that nobody
/// can make us hold much. A connection without a complete query for kTcpIdle is closed, and so is
/// one whose client does not take its answers. Resolver thread only.
class TcpClient : public ReplySink, public std::enable_shared_from_this<TcpClient> {
public:
    static constexpr std::size_t kMaxPending = 256;
    static constexpr std::size_t kMaxUnsent = 256 * 1024;
    /// Answers that were under way when reading paused may still come; a client that lets even
    /// these pile up is cut off.
    static constexpr std::size_t kMostUnsent = 2 * 1024 * 1024;

    TcpClient(asio::ip::tcp::socket socket, const Endpoint& peer, TcpClients& clients);

    void start(std::list<std::shared_ptr<TcpClient>>::iterator place);
    void close();

    const Endpoint& peer() const { return m_peer; }

    void reply(Bytes message, const QueryRecord& record) override;

private:
    void read();
    void takeInput();
    void serve(Bytes message, std::vector<ClientQuery>& misses);
    void note(Bytes message, const ClientRequest& request,
              const QueryResponder::Response& response);
    void enqueue(Bytes message);
    void write();
    void restartIdleTimer();
    void goOn();
    bool mayRead() const;

    asio::ip::tcp::socket m_socket;
    asio::steady_timer m_idle;
    Endpoint m_peer;
    TcpClients* m_clients; ///< null once closed
    std::list<std::shared_ptr<TcpClient>>::iterator m_place;
    StreamFramer m_input;
    std::array<std::uint8_t, 4096> m_chunk;
    std::vector<std::uint8_t> m_unsent;  ///< waits for the write under way
    std::vector<std::uint8_t> m_sending; ///< the write under way
    std::size_t m_pending = 0;           ///< queries handed to the miss path
    bool m_reading = false;
    bool m_inputEnded = false; ///< the client closed its side; its answers still go out
};

} // namespace sotto::engine
