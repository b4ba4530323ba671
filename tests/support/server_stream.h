// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_tls.h"

#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <span>

namespace sotto::test {

/// The octets of one accepted connection, under TLS or plain: gives what comes in record by record,
/// early data included, and sends what it is given, in order. Lives on its server's thread. It and
/// whoever its events hold stay alive until close().
class ServerStream : public std::enable_shared_from_this<ServerStream> {
public:
    struct Events {
        /// Once; failure is empty where it went well. At once over plain TCP.
        std::function<void(const std::string& failure)> handshakeEnded;
        std::function<void(std::span<const std::uint8_t> octets, bool early)> received;
        std::function<void(PeerEnd)> peerEnded; ///< once, after the handshake
    };

    /// Without tls.ssl the connection is plain. delay and gap are ServerScript's helloDelay and
    /// helloGap.
    ServerStream(asio::ip::tcp::socket socket, ServerTls tls, std::chrono::milliseconds delay,
                 std::chrono::milliseconds gap);

    void start(Events events);
    /// In place of start(): reads and never answers. closed is called when the peer has gone.
    void startDiscarding(std::function<void()> closed);
    /// sent is called once the octets are with the system, unless the connection breaks before.
    void write(std::span<const std::uint8_t> octets, std::function<void()> sent);
    /// While not reading, the peer's octets stay with the system.
    void setReading(bool reading);
    /// Sends a close_notify (TLS) and waits for the peer's; closed is called at the latest after
    /// 50 ms.
    void notifyClose(std::function<void()> closed);
    /// Sends a FIN; reading goes on.
    void halfClose();
    void close();

    asio::ip::tcp::socket& socket() { return m_socket; }
    const ServerTls& tls() const { return m_tls; }
    std::size_t socketReads() const { return m_socketReads; }

private:
    struct Chunk {
        Bytes octets;
        std::function<void()> sent;
    };

    bool isPlain() const { return !m_tls.ssl; }
    void read();
    void took(std::size_t size);
    void give(std::span<const std::uint8_t> octets, bool early);
    void lostPeer(PeerEnd how);
    void drive();
    bool shakeHands();
    bool readEarly();
    void readRecords();
    void failHandshake();
    void flush(std::function<void()> sent = {});
    void writeNext();

    asio::ip::tcp::socket m_socket;
    ServerTls m_tls;
    const std::chrono::milliseconds m_delay;
    const std::chrono::milliseconds m_gap;
    asio::steady_timer m_timer; ///< delay and gap, later the wait for the peer's close_notify
    std::shared_ptr<const Events> m_events; ///< whoever calls one holds them all meanwhile
    Bytes m_buffer;
    Bytes m_record;
    std::deque<Chunk> m_outgoing;
    std::size_t m_socketReads = 0;
    bool m_isReading = false; ///< an operation is under way
    bool m_wantsReading = true;
    bool m_isWriting = false;
    bool m_gapIsOver = false;
    bool m_mayBeEarly = false; ///< early data may still come
    bool m_handshakeDone = false;
    bool m_peerIsGone = false;
    bool m_isClosing = false;
    bool m_isClosed = false;
};

} // namespace sotto::test
