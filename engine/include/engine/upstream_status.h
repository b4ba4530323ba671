// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_attempt.h"
#include "engine/upstream_config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::engine {

/// What is known of one upstream at a moment.
struct UpstreamStatus {
    enum class State {
        Idle,       ///< no connection, and nothing known against it
        Connecting, ///< TCP or TLS handshake under way
        Ready,      ///< an authenticated connection is open
        Failing,    ///< down: the last attempts failed; lastError says why
    };
    static constexpr std::uint8_t kNoRoute = 0xff;

    std::uint32_t id = 0;          ///< stable until the upstream leaves the configuration
    UpstreamConfig config;         ///< certificates and keys left out
    std::uint8_t route = kNoRoute; ///< index into EngineConfig::routes, where it is one of a route
    State state = State::Idle;
    /// Where its name was looked up, the addresses found.
    std::vector<IpAddress> resolvedAddresses;
    /// The last look-up of its name was in clear text (ForwardConfig::bootstrap).
    bool resolvedUnencrypted = false;

    /// Of the last connection; empty or false before the first.
    std::optional<IpAddress> address;
    std::string tlsVersion; ///< e.g. "TLSv1.3"
    std::string cipher;
    bool resumed = false;   ///< with a ticket from an earlier connection
    bool earlyData = false; ///< queries went with the first flight and were accepted
    std::int64_t certificateExpiresUnixSeconds = 0;
    unsigned openConnections = 0;
    unsigned inFlight = 0; ///< queries that wait for an answer

    /// How long a connection may be idle and is still used: configured, told by the server (RFC
    /// 7828), or learnt from when it closed.
    double idleLimitSeconds = 0;
    double smoothedRttMillis = 0;  ///< of answered queries (RFC 6298 smoothing); 0 before the first
    double medianRttMillis = 0;    ///< an estimate; 0 before the first
    std::uint64_t connections = 0; ///< handshakes that were finished
    std::uint64_t resumedConnections = 0;
    std::uint64_t queries = 0; ///< messages sent
    std::uint64_t answers = 0;
    std::uint64_t failures = 0;
    std::string lastError; ///< empty once an answer has arrived since
    AttemptOutcome lastOutcome = AttemptOutcome::Pending; ///< what kind of error that was
    std::int64_t lastErrorUnixSeconds = 0;
    /// What works still but will not for long, such as a certificate near its end; else empty.
    std::string warning;
};

} // namespace sotto::engine
