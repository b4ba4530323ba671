// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a DotServer saw: plain values, copied out of it.
namespace sotto::test {

using TestClock = std::chrono::steady_clock;

struct SeenConnection {
    std::uint64_t id = 0; ///< from 1 in the order of accepting
    TestClock::time_point acceptedAt;
    bool handshakeDone = false;
    bool resumed = false;
    std::string sni; ///< empty: none was sent
    std::vector<std::string> offeredAlpn;
    std::string alpn; ///< the one agreed on
    std::string tlsVersion;
    std::string cipher;
    std::string failure; ///< why the handshake failed, in the library's words
    bool open = true;
    std::size_t queries = 0;
    std::size_t answers = 0;
    /// The most queries that were ever unanswered at once.
    std::size_t mostInFlight = 0;
};

struct SeenQuery {
    std::uint64_t connection = 0;
    TestClock::time_point at;
    Bytes raw;
    std::optional<Message> message; ///< nothing: it could not be parsed
    std::string parseError;

    /// Of the first question; the name as it was spelt.
    Name name() const;
    std::uint16_t type() const;
};

struct Observations {
    std::vector<SeenConnection> connections;
    std::vector<SeenQuery> queries;

    std::size_t handshakes() const;
    std::size_t openConnections() const;
    /// Queries for a name (case has no meaning) of one type, or of any where type is 0.
    std::size_t queriesFor(std::string_view name, std::uint16_t type = 0) const;
};

} // namespace sotto::test
