// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_observations.h"
#include "server_state.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace sotto::test {

/// The server's side of one TLS connection, over memory, with what its ClientHello showed.
struct ServerTls {
    struct Hello {
        std::vector<std::string> alpn;
        std::string ticket; ///< that it wants to resume with; empty: none
        bool earlyData = false;
    };
    struct Free {
        void operator()(SSL* connection) const { SSL_free(connection); }
    };
    std::unique_ptr<Hello> hello; ///< outlives ssl, which points to it
    std::unique_ptr<SSL, Free> ssl;
};

/// For one connection, from the present certificate and script. Without ssl, and why set, where the
/// certificate cannot be used.
ServerTls makeServerTls(const ServerState& state, const ServerScript& script, std::string& why);

/// What the handshake showed, finished or not.
void noteHandshake(const ServerTls& tls, SeenConnection& connection);

/// The oldest error that the library keeps for this thread, in its words; forgets all of them.
std::string takeTlsError();

} // namespace sotto::test
