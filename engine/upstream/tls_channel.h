// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_attempt.h"
#include "upstream/tls_context.h"
#include "upstream/tls_stream.h"
#include "wire/header.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::engine {

/// A TLS connection to an authenticated server: bytes in, bytes out. Nothing can be written before
/// the server's certificate was verified, but for early data under the keys of a session in which
/// it was (RFC 8446 §2.3). Resolver thread only.
class TlsChannel : public std::enable_shared_from_this<TlsChannel> {
public:
    class Events {
    public:
        virtual ~Events() = default;
        /// The connection stands; what shall leave with the first flight, at most limit octets.
        virtual Bytes channelEarlyData(std::size_t limit) = 0;
        /// The server was verified. Early data that was not accepted never reached it.
        virtual void channelOpened(bool earlyDataAccepted) = 0;
        virtual void channelReceived(Bytes bytes) = 0;
        /// A session that may be resumed; the callee takes a reference where it keeps it.
        virtual void channelSession(SSL_SESSION* session) = 0;
        /// The channel ended without close() being called. reason is a sentence for people.
        virtual void channelClosed(AttemptOutcome outcome, const std::string& reason) = 0;
    };

    struct Options {
        std::optional<IpAddress> source; ///< where it comes from
        bool fastOpen = false;           ///< TCP Fast Open (RFC 7413), where the system has it
        /// Gives a session to resume that fits the upstream, or null; called where the handshake
        /// begins, for each is for one use.
        std::function<SslPointer<SSL_SESSION>()> takeSession;
        /// Whether something may leave with the first flight, asked at the same moment; where it is
        /// empty, nothing may.
        std::function<bool()> mayUseEarlyData;
    };

    /// Of an open channel, for people and statistics.
    struct Facts {
        std::uint32_t connectMicros = 0; ///< TCP; about 0 with Fast Open
        std::uint32_t tlsMicros = 0;
        bool resumed = false;
        bool earlyDataAccepted = false;
        bool earlyDataRejected = false;
        bool fastOpenRejected = false;
        std::string tlsVersion;
        std::string cipher;
        std::int64_t certificateFromUnix = 0;
        std::int64_t certificateBeginsUnix = 0;
        std::int64_t certificateExpiresUnix = 0;
    };

    TlsChannel(asio::io_context& context, Events& events);
    ~TlsChannel();

    /// Connects and shakes hands; channelOpened() or channelClosed() follows, never from within.
    void open(const Endpoint& endpoint, const UpstreamConfig& upstream,
              std::shared_ptr<TlsContext> tls, Options options);
    /// Sends these bytes behind those sent before, after channelOpened() only.
    void write(Bytes bytes);
    /// Ends the connection; no event comes any more. Idempotent.
    void close();

    const Facts& facts() const { return m_facts; }
    const Endpoint& endpoint() const { return m_endpoint; }
    /// The TCP handshake was finished, whatever came of it.
    bool wasConnected() const { return m_connected; }
    /// Monotonic microseconds: since when the server has been known to be there; 0: it is not. With
    /// Fast Open a connection stands before anything came over it.
    std::int64_t heardSince() const { return m_heardSince; }
    /// Null before the handshake.
    SSL* ssl() const { return m_stream ? m_stream->ssl() : nullptr; }

private:
    asio::error_code prepareSocket();
    void startDeadline(std::chrono::milliseconds timeout);
    void connected(const asio::error_code& error);
    void waitToRead();
    void receive();
    void process();
    bool shakeHands();
    bool finishHandshake();
    void flush();
    void failBy(const asio::error_code& error);
    void fail(AttemptOutcome outcome, const std::string& reason);

    asio::ip::tcp::socket m_socket;
    asio::steady_timer m_deadline;
    Events* m_events; ///< null once closed
    Endpoint m_endpoint;
    UpstreamConfig m_upstream;
    std::shared_ptr<TlsContext> m_tls;
    Options m_options;
    std::unique_ptr<TlsStream> m_stream;
    Facts m_facts;
    std::int64_t m_stageBegan = 0; ///< monotonic: of connecting, then of the handshake
    std::int64_t m_heardSince = 0;
    bool m_sourceRefused = false; ///< Options::source is no address of this computer
    bool m_connected = false;
    bool m_open = false;
    bool m_sentEarly = false;
    bool m_corked = false; ///< what is written leaves together, later
    bool m_waitingToWrite = false;
};

} // namespace sotto::engine
