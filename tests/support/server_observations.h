// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a server of the tests saw: plain values, copied out of it.
namespace sotto::test {

using TestClock = std::chrono::steady_clock;

enum class SeenTransport { Tls, Tcp, Udp };

/// How the peer ended a connection.
enum class PeerEnd {
    NotYet,
    Notify, ///< close_notify, over plain TCP a FIN
    Fin,    ///< FIN without close_notify
    Reset,
};

struct SeenConnection {
    std::uint64_t id = 0; ///< from 1 in the order of accepting
    TestClock::time_point acceptedAt;
    std::string client;   ///< the peer's address as text
    bool synData = false; ///< data came with the SYN (RFC 7413)
    bool handshakeDone = false;
    bool resumed = false;
    bool offeredTicket = false; ///< wanted to resume, be it that it could not
    bool ticketSeenBefore = false;
    bool offeredEarlyData = false;
    bool earlyDataAccepted = false;
    std::string sni; ///< empty: none was sent
    std::vector<std::string> offeredAlpn;
    std::string alpn; ///< the one agreed on
    std::string tlsVersion;
    std::string cipher;
    std::string clientPin; ///< of the certificate that the client showed; empty: none
    std::string failure;   ///< why the handshake failed, in the library's words
    bool open = true;
    PeerEnd peerEnd = PeerEnd::NotYet;
    TestClock::time_point endedAt;
    std::size_t records = 0;     ///< of application data that came in, over TCP: reads
    std::size_t socketReads = 0; ///< that brought octets, the handshake's included
    std::size_t queries = 0;
    std::size_t earlyQueries = 0; ///< of them, those in early data
    std::size_t answers = 0;
    /// The most queries that were ever unanswered at once.
    std::size_t mostInFlight = 0;
};

/// EDNS client subnet (RFC 7871 §6) as it stands in a message.
struct SubnetOption {
    std::uint16_t family = 0;
    std::uint8_t sourcePrefix = 0;
    std::uint8_t scopePrefix = 0;
    Bytes address;

    bool operator==(const SubnetOption&) const = default;
};
std::optional<SubnetOption> subnetIn(const Message& message);

struct SeenQuery {
    std::uint64_t connection = 0; ///< 0 over UDP
    SeenTransport transport = SeenTransport::Tls;
    std::string client; ///< the peer's address as text
    TestClock::time_point at;
    bool early = false;     ///< came in TLS 1.3 early data
    std::size_t record = 0; ///< which of its connection's records brought its last octet, from 1
    Bytes raw;
    std::optional<Message> message; ///< nothing: it could not be parsed
    std::string parseError;

    /// Of the first question; the name as it was spelt.
    Name name() const;
    std::uint16_t type() const;
    /// Of the OPT record; nothing where it or the option is missing.
    const EdnsOption* option(std::uint16_t code) const;
    std::optional<std::size_t> paddingLength() const;
    std::optional<SubnetOption> clientSubnet() const;
    bool asksForKeepalive() const;
};

struct Observations {
    std::vector<SeenConnection> connections;
    std::vector<SeenQuery> queries;

    std::size_t handshakes() const;
    std::size_t resumptions() const;
    std::size_t openConnections() const;
    /// Queries for a name (case has no meaning) of one type, or of any where type is 0.
    std::size_t queriesFor(std::string_view name, std::uint16_t type = 0) const;
    /// The first such query, or nullptr.
    const SeenQuery* firstFor(std::string_view name, std::uint16_t type = 0) const;
};

} // namespace sotto::test
