// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/upstream_attempt.h"

#include <array>
#include <cstdint>
#include <string>

namespace sotto::engine {

/// How a query came in.
enum class Transport : std::uint8_t { Udp, Tcp, Internal };

/// Where its answer came from.
enum class AnswerSource : std::uint8_t {
    Cache,
    Stale, ///< from the cache, though expired (RFC 8767)
    Upstream,
    Coalesced, ///< waited for the upstream answer to an identical question
    Local,     ///< made here: a special name, or disabled, refused, not implemented, malformed
    Failed,    ///< SERVFAIL made here because no upstream gave an answer
};

/// Why an answer was made here (AnswerSource::Local, or Failed).
enum class LocalRule : std::uint8_t {
    None,
    SpecialName,     ///< a name that never leaves the machine (RFC 6761 and others)
    CheckName,       ///< a name below check.sotto.internal; recorded only for Transport::Internal
    BrowserCanary,   ///< the name by which browsers ask whether to leave DNS to the system
    ForwardingOff,   ///< the switch is off
    TypeRefused,     ///< a type or opcode that is not forwarded (AXFR, ANY over UDP, NOTIFY …)
    Malformed,       ///< FORMERR or BADVERS
    TooManyAtOnce,   ///< ForwardConfig::maxConcurrent, or our own bounds
    AllUpstreamsDown ///< ForwardConfig::failfastAllUnhealthy
};

/// One answered query, of fixed size so that it can travel through a ring without allocation.
struct QueryRecord {
    static constexpr std::uint32_t kNoUpstream = 0xffffffff;
    static constexpr std::uint16_t kNoExtendedError = 0xffff;
    static constexpr std::uint8_t kNoRoute = 0xff;

    std::int64_t unixMicros = 0;      ///< when the query arrived, wall clock
    std::uint32_t durationMicros = 0; ///< from arrival to the answer's hand-over to the socket
    std::uint32_t upstreamId = kNoUpstream; ///< UpstreamStatus::id, for Upstream and Coalesced
    IpAddress client;
    std::uint16_t clientPort = 0;
    std::uint16_t type = 0;                         ///< QTYPE
    std::uint16_t queryClass = 1;                   ///< QCLASS
    std::uint16_t extendedError = kNoExtendedError; ///< RFC 8914 code sent, if any
    std::uint16_t answerSize = 0;                   ///< octets of the answer
    std::uint16_t answerCount = 0;                  ///< ANCOUNT of the answer
    std::uint8_t rcode = 0;
    Transport transport = Transport::Udp;
    AnswerSource source = AnswerSource::Local;
    std::uint8_t nameLength = 0; ///< octets used in name
    LocalRule rule = LocalRule::None;
    std::uint8_t route = kNoRoute; ///< index into EngineConfig::routes
    std::uint8_t attemptCount = 0; ///< upstreams that were tried, those beyond kMaxAttempts too
    std::array<std::uint8_t, 255> name{}; ///< QNAME in wire form, uncompressed

    std::uint32_t cacheAgeSeconds = 0; ///< Cache, Stale: since the answer came
    std::uint32_t ttlSeconds = 0;      ///< for how long the answer is (still) kept in the cache
    /// How upstreams were tried, in that order; the first attemptCount of them. For Coalesced those
    /// of the query that was waited for.
    static constexpr std::size_t kMaxAttempts = 4;
    std::array<UpstreamAttempt, kMaxAttempts> attempts{};

    /// QNAME in presentation form with RFC 1035 §5.1 escapes; "." for the root.
    std::string nameText() const;
};

} // namespace sotto::engine
