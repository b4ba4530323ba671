// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/throwaway_ca.h"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>

namespace sotto::test {

/// A TLS server that is reached through memory, for tests of what a client makes of certificates
/// and sessions: no sockets, no threads, no time passes. Failures of the crypto library abort the
/// program.
class MemoryTlsServer {
public:
    struct Options {
        int version = TLS1_3_VERSION; ///< the only one that it speaks
        std::uint32_t maxEarlyData = 0;
        unsigned tickets = 2; ///< in TLS 1.3, after each handshake
        long ticketSeconds = 7200;
    };

    explicit MemoryTlsServer(const Identity& identity)
        : MemoryTlsServer(identity, Options{}) {}
    MemoryTlsServer(const Identity& identity, const Options& options);
    ~MemoryTlsServer();
    MemoryTlsServer(const MemoryTlsServer&) = delete;
    MemoryTlsServer& operator=(const MemoryTlsServer&) = delete;

    /// Shakes hands with a client that is in its connect state and has no BIO yet. Whether both
    /// sides finished; the client is connected as long as this server lives and shakes hands with
    /// nobody else.
    bool shakeHands(SSL* client);
    /// Lets a connected client read the tickets that follow the handshake in TLS 1.3.
    static void readTickets(SSL* client);

private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };
    std::unique_ptr<SSL_CTX, Free> m_context;
    std::unique_ptr<SSL, Free> m_connection;
};

} // namespace sotto::test
