// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/tls_context.h"
#include "wire/header.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sotto::engine {

/// A TLS connection to an authenticated server: bytes in, bytes out. Nothing can be written before
/// the server's certificate was verified. Resolver thread only.
class TlsChannel : public std::enable_shared_from_this<TlsChannel> {
public:
    /// TCP connect and TLS handshake together.
    static constexpr std::chrono::milliseconds kOpenTimeout{3500};

    class Events {
    public:
        virtual ~Events() = default;
        virtual void channelOpened() = 0;
        virtual void channelReceived(Bytes bytes) = 0;
        /// The channel ended without close() being called. reason is a sentence for people.
        virtual void channelClosed(const std::string& reason) = 0;
    };

    TlsChannel(asio::io_context& context, Events& events);
    ~TlsChannel();

    /// Connects and shakes hands; channelOpened() or channelClosed() follows.
    void open(const UpstreamConfig& upstream, std::shared_ptr<TlsContext> tls);
    /// Sends these bytes behind those sent before, after channelOpened() only.
    void write(Bytes bytes);
    /// Ends the connection; no event comes any more. Idempotent.
    void close();

    std::string tlsVersion() const;
    std::string cipher() const;

private:
    void connected(const asio::error_code& error);
    void handshake();
    void finishHandshake();
    void waitToRead();
    void readAll();
    void flush();
    void fail(const std::string& reason);

    asio::ip::tcp::socket m_socket;
    asio::steady_timer m_deadline;
    Events* m_events; ///< null once closed
    UpstreamConfig m_upstream;
    std::shared_ptr<TlsContext> m_tls;
    SslPointer<SSL> m_ssl;
    std::vector<std::uint8_t> m_unsent;
    bool m_connected = false;
    bool m_waitingToWrite = false;
};

} // namespace sotto::engine
