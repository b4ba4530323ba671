// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/forward_config.h"
#include "engine/result.h"
#include "engine/upstream_config.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::engine {

/// How the response cache decides. Caps limit what the records' own TTLs say, floors raise it.
struct CacheConfig {
    std::size_t sizeBytes = std::size_t{32} << 20;

    std::chrono::seconds positiveTtlCap{3600};
    std::chrono::seconds negativeTtlCap{1800};
    /// A floor never applies to a TTL of 0, and never exceeds the cap.
    std::chrono::seconds positiveTtlFloor{0};
    std::chrono::seconds negativeTtlFloor{0};
    /// How long a SERVFAIL answer is kept (RFC 9520 §3.2 allows 1 s to 5 min). Zero: not at all.
    std::chrono::seconds failureTtl{5};

    /// Zones in presentation form whose answers are kept, with all below them. Empty: every name.
    std::vector<std::string> zones;
    /// Zones of which no positive or no negative answer is kept; "." stands for all.
    std::vector<std::string> positiveDisabled;
    std::vector<std::string> negativeDisabled;

    /// Clients get the TTLs as they came, not lowered by their age.
    bool keepTtl = false;

    /// Answers that are asked for often are asked anew before they expire.
    struct Prefetch {
        unsigned hits = 0;            ///< so many hits make an answer a popular one; 0: never
        std::chrono::seconds gap{60}; ///< two hits further apart start the count anew
        unsigned percentage = 10;     ///< of the lifetime must be left at the most; 1 to 90
        bool operator==(const Prefetch&) const = default;
    } prefetch;

    /// Expired answers as a help in need (RFC 8767).
    struct Stale {
        enum class Mode {
            Immediate, ///< the expired answer at once, while a new one is asked for
            Verify,    ///< only where the upstreams fail, or are late
        };
        bool enabled = false;
        std::chrono::seconds keep{3600}; ///< how long after its expiry an answer may be used
        Mode mode = Mode::Verify;
        std::chrono::milliseconds verifyTimeout{1800}; ///< zero: until the upstreams have failed
        std::chrono::seconds answerTtl{30};            ///< the TTL that clients are told
        std::chrono::seconds recheck{5}; ///< after a failure the upstreams are left alone this long
        /// A usable positive answer, be it expired, is preferred to a newer denial or failure.
        bool preferPositive = false;
        bool operator==(const Stale&) const = default;
    } stale;

    bool operator==(const CacheConfig&) const = default;
};

/// Octets from which the addresses of check names follow; see EngineConfig::checkKey.
using CheckKey = std::array<std::uint8_t, 16>;

/// All that the engine needs to know; an immutable value.
struct EngineConfig {
    std::vector<Endpoint> listen; ///< each is opened for UDP and TCP; port 0 asks for a free port
    std::vector<UpstreamConfig> upstreams; ///< encrypted ones only
    Policy policy = Policy::Fastest;
    ForwardConfig forward;
    /// Names that go to servers of their own; the route with the longest fitting zone wins, the
    /// first of several. What no route wants goes to upstreams above.
    std::vector<Route> routes;
    CacheConfig cache;
    /// Threads that answer UDP, 1 to kMaxWorkers; they share the ports and the cache.
    unsigned workers = 1;
    static constexpr unsigned kMaxWorkers = 16;
    /// false: every query is answered REFUSED with extended error 18 (RFC 8914 §4.19), but for the
    /// names below check.sotto.internal, by which programs find out who answers.
    bool forwarding = true;
    /// Whoever knows it can tell by those names whether it is this engine that answers. Random, and
    /// known to nobody else.
    CheckKey checkKey{};
    /// "use-application-dns.net" does not exist: browsers that honour it leave DNS to the system.
    bool browserCanary = true;
    /// Query records are written for readRecords(). Without them only counters are kept.
    bool recordQueries = true;

    bool operator==(const EngineConfig&) const = default;
};

} // namespace sotto::engine
