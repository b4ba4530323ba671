// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/result.h"
#include "listen/client_query.h"
#include "listen/message_buffer.h"
#include "listen/query_responder.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <vector>

namespace sotto::engine {

class TcpClient;

/// What all TCP clients of the engine share: the responder, the way to the miss path, and the
/// limits of RFC 7766 §6.2.2. Resolver thread only.
class TcpClients {
public:
    static constexpr std::size_t kMaxClients = 512;
    /// Of one other computer; on this one all programs have the same address.
    static constexpr std::size_t kMaxOfOneAddress = 64;

    TcpClients(QueryResponder& responder, MissSink& misses);
    ~TcpClients();

    /// Serves the connection. Where there are too many, in all or of one address, the one of them
    /// that has been idle longest goes.
    void adopt(asio::ip::tcp::socket socket, const Endpoint& peer);
    /// Ends all connections; answers that come later are dropped.
    void closeAll();

    QueryResponder& responder() { return m_responder; }
    MissSink& misses() { return m_misses; }
    /// The largest message and an OPT; shared because only one client is served at a time.
    MessageBuffer& replyBuffer() { return m_replyBuffer; }

private:
    friend class TcpClient;
    using Clients = std::list<std::shared_ptr<TcpClient>>;
    void makeRoomFor(const IpAddress& address);
    void moveToBack(Clients::iterator client);
    void forget(Clients::iterator client);

    QueryResponder& m_responder;
    MissSink& m_misses;
    MessageBuffer m_replyBuffer;
    Clients m_clients; ///< the one that was active least recently first
};

/// Accepts TCP connections at one address. Resolver thread only, but for open().
class TcpListener : public std::enable_shared_from_this<TcpListener> {
public:
    /// Binds and listens; accepts nothing before start().
    static Result<std::shared_ptr<TcpListener>> open(asio::io_context& context,
                                                     const Endpoint& endpoint);

    void start(TcpClients& clients);
    void close();

private:
    explicit TcpListener(asio::io_context& context);
    void accept(TcpClients& clients);

    asio::ip::tcp::acceptor m_acceptor;
    asio::steady_timer m_pause; ///< after an accept that failed for want of descriptors
};

} // namespace sotto::engine
