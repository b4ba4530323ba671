// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_config.h"
#include "support/memory_tls_server.h"
#include "support/throwaway_ca.h"
#include "upstream/tls_context.h"

#include <functional>
#include <string>
#include <vector>

/// Real handshakes, in memory, between the engine's TLS settings and a server of the tests.
namespace sotto::test {

inline constexpr const char* kServerName = "dot.sotto.test";

/// A server of that name at 192.0.2.1, whose certificate the given authority signs.
engine::UpstreamConfig upstreamOf(const ThrowawayCa& ca);
/// What such a server shows: for its name and its address.
LeafOptions goodLeaf();

struct TlsConnection {
    engine::SslPointer<SSL> ssl;
    bool connected = false;
    std::vector<engine::SslPointer<SSL_SESSION>> sessions; ///< that the server gave, in order
};

/// Connects as the engine does, where a session is given by it. Where accepts says no after the
/// handshake, there is no connection and no ticket is read.
TlsConnection connectTo(
    MemoryTlsServer& server, const engine::UpstreamConfig& upstream, SSL_SESSION* session = nullptr,
    const std::function<bool(SSL*)>& accepts = [](SSL*) { return true; });

} // namespace sotto::test
