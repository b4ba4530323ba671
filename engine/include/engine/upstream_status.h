// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"

#include <cstdint>
#include <string>

namespace sotto::engine {

/// What is known of one upstream at a moment.
struct UpstreamStatus {
    enum class State {
        Idle,       ///< no connection, and nothing known against it
        Connecting, ///< TCP or TLS handshake under way
        Ready,      ///< an authenticated connection is open
        Failing,    ///< the last attempts failed; lastError says why
    };

    std::uint32_t id = 0; ///< stable until the upstream leaves the configuration
    UpstreamConfig config;
    State state = State::Idle;
    std::string tlsVersion; ///< of the last connection, e.g. "TLSv1.3"; empty before the first
    std::string cipher;     ///< of the last connection
    double smoothedRttMillis = 0; ///< of answered queries (RFC 6298 smoothing); 0 before the first
    std::uint64_t queries = 0;    ///< messages sent
    std::uint64_t answers = 0;
    std::uint64_t failures = 0;
    std::string lastError; ///< empty once an answer has arrived since
    std::int64_t lastErrorUnixSeconds = 0;
};

} // namespace sotto::engine
