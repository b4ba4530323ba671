// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_observations.h"
#include "server_state.h"

#include <asio/ssl/context.hpp>

namespace sotto::test {

/// The TLS settings for one connection, from the present certificate and script. Throws
/// std::system_error where the certificate cannot be used.
asio::ssl::context makeServerTls(const ServerState& state, const ServerScript& script);

/// What the handshake on this connection showed, finished or not.
void noteHandshake(SSL* ssl, SeenConnection& connection);

} // namespace sotto::test
