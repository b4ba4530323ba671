// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/result.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::engine {

/// One DNS-over-TLS server (RFC 7858) under the strict profile (RFC 8310 §5): either its name or
/// its address is verified against its certificate before a single query leaves.
struct UpstreamConfig {
    static constexpr std::uint16_t kDefaultPort = 853;

    Endpoint endpoint;
    /// The name to verify and to send as SNI. Empty: the certificate must carry the IP address.
    std::string tlsName;
    /// PEM certificates that replace the system's certificate authorities. Empty: the system's.
    std::string caPem;
    /// SHA-256 digests of the public keys (SPKI) that are accepted, as "sha256/BASE64"; one must
    /// match in addition to the verification above. Empty: any key.
    std::vector<std::string> pins;
    /// What people call it, e.g. "Quad9"; free text, may be empty.
    std::string label;

    /// Reads CoreDNS's form "tls://ADDRESS[%NAME][:PORT]"; an IPv6 address with a port is
    /// bracketed.
    static Result<UpstreamConfig> parse(std::string_view text);

    /// The same form back, with the port only where it is not 853.
    std::string toString() const;

    bool operator==(const UpstreamConfig&) const = default;
};

/// In which order upstreams are tried for one query.
enum class Policy {
    Sequential, ///< as configured
    RoundRobin, ///< the next one first, the rest in order
    Random,     ///< a random permutation
    Fastest,    ///< the better smoothed round-trip time of two random ones first
};

/// Bounds of the response cache. Caps limit what the records' own TTLs say; they never raise them.
struct CacheConfig {
    std::size_t sizeBytes = std::size_t{32} << 20;
    std::chrono::seconds positiveTtlCap{3600};
    std::chrono::seconds negativeTtlCap{1800};
    /// How long a SERVFAIL answer is kept (RFC 9520 §3.2 allows 1 s to 5 min). Zero: not at all.
    std::chrono::seconds failureTtl{5};

    bool operator==(const CacheConfig&) const = default;
};

/// All that the engine needs to know; an immutable value.
struct EngineConfig {
    std::vector<Endpoint> listen; ///< each is opened for UDP and TCP; port 0 asks for a free port
    std::vector<UpstreamConfig> upstreams;
    Policy policy = Policy::Fastest;
    CacheConfig cache;
    /// false: every query is answered REFUSED with extended error 18 (RFC 8914 §4.19).
    bool forwarding = true;

    bool operator==(const EngineConfig&) const = default;
};

} // namespace sotto::engine
