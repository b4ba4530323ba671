// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_state.h"
#include "server_stream.h"

#include <asio/steady_timer.hpp>

#include <memory>
#include <span>
#include <vector>

namespace sotto::test {

/// DNS on one accepted connection (RFC 7766, or RFC 7858 under TLS): reads queries as they come and
/// sends answers as the script says. Lives on the server's thread and as long as the connection.
class StreamSession : public std::enable_shared_from_this<StreamSession> {
public:
    /// Plain where tls.ssl is empty.
    StreamSession(asio::ip::tcp::socket socket, ServerTls tls, std::shared_ptr<ServerState> state,
                  std::shared_ptr<const ServerScript> script);
    ~StreamSession();

    void start();
    void end(Behaviour::Ending ending);

private:
    struct Outgoing {
        Bytes octets; ///< with the length prefix
        Behaviour::Ending ending = Behaviour::Ending::KeepOpen;
        bool isAnswer = true;
    };

    void handshakeEnded(const std::string& failure);
    void received(std::span<const std::uint8_t> octets, bool early);
    void take(Bytes raw, bool early);
    void plan(const SeenQuery& query);
    void release(std::vector<Outgoing> messages);
    void holdBack(std::vector<Outgoing> messages);
    void releaseHeld();
    void send(const Outgoing& message);
    void sent(Behaviour::Ending ending, bool isAnswer);
    void limitInFlight();
    void watchIdleness();
    void close();

    std::shared_ptr<ServerStream> m_stream;
    std::shared_ptr<ServerState> m_state;
    std::shared_ptr<const ServerScript> m_script; ///< as it was when the connection came
    std::uint64_t m_id = 0;
    std::string m_client;
    Bytes m_incoming;
    std::vector<std::vector<Outgoing>> m_held;
    asio::steady_timer m_holdTimer;
    asio::steady_timer m_idleTimer;
    std::size_t m_records = 0;
    std::size_t m_inFlight = 0;
    std::size_t m_answers = 0;
    bool m_isPlain = false;
    bool m_sendsNoMore = false; ///< what is being sent is the last
    bool m_ending = false;
    bool m_closed = false;
};

} // namespace sotto::test
