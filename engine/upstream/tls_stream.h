// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/tls_context.h"
#include "wire/header.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace sotto::engine {

/// OpenSSL's callback for new sessions, which finds the stream of the connection.
int giveSessionToStream(SSL* ssl, SSL_SESSION* session);

/// TLS between plain octets and octets for a socket, without a socket: what came in is given to
/// read() and handshake(), what has to go out gathers in output(). So a whole receive buffer is
/// taken in one go, and what belongs together leaves together: the first flight with its early
/// data, or the records of many queries. One thread at a time.
class TlsStream {
public:
    enum class Step {
        Done,
        NeedInput, ///< the input is used up
        Closed,    ///< the peer said that it closes, or its octets ended
        Failed,
    };
    using SessionTaker = std::function<void(SSL_SESSION*)>;

    /// taker gets every session that could be resumed; it takes a reference where it keeps one.
    /// Check isUsable(): memory may have run out.
    TlsStream(SslPointer<SSL> ssl, SessionTaker taker);
    ~TlsStream();
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    bool isUsable() const { return m_ssl && m_usable; }

    /// What came from the socket; must stay valid until Step::NeedInput was given, which is when
    /// it is used up.
    void setInput(Bytes octets) { m_input = octets; }
    /// The socket gives nothing any more.
    void setInputEnded() { m_ended = true; }

    /// Octets for the first flight, before the first handshake(); gives how many were taken.
    std::size_t writeEarly(Bytes plain);
    Step handshake();
    /// Reads into out; octets gets how many there are.
    Step read(MutableBytes out, std::size_t& octets);
    /// After the handshake. False where the connection is broken.
    bool write(Bytes plain);
    /// Says goodbye.
    void shutDown();

    /// For the socket; the caller drops what it has sent.
    std::vector<std::uint8_t>& output() { return m_output; }

    SSL* ssl() const { return m_ssl.get(); }

private:
    struct Bio;
    friend int giveSessionToStream(SSL* ssl, SSL_SESSION* session);

    SslPointer<SSL> m_ssl;
    SessionTaker m_taker;
    Bytes m_input;
    bool m_ended = false;
    bool m_usable = false;
    std::vector<std::uint8_t> m_output;
};

} // namespace sotto::engine
