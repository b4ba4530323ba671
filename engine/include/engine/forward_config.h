// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/upstream_config.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::engine {

/// In which order upstreams are tried for one query.
enum class Policy : std::uint8_t {
    Sequential, ///< as configured
    RoundRobin, ///< the next one first, the rest in order
    Random,     ///< a random permutation
    Fastest,    ///< the better smoothed round-trip time of two random ones first
    Race,       ///< as Fastest, and a second one as soon as the first is later than usual
    Hashed,     ///< by the registrable domain, so that no upstream sees the whole history
};

/// What is told to upstreams of a client's network (EDNS client subnet, RFC 7871).
struct ClientSubnet {
    enum class Mode : std::uint8_t {
        Strip, ///< nothing
        Pass,  ///< what the client itself sent; such answers are not kept
        Fixed, ///< always address/prefix below
    };
    Mode mode = Mode::Strip;
    IpAddress address;             ///< bits behind the prefix are zero
    std::uint8_t prefixLength = 0; ///< at most 32 or 128
    bool operator==(const ClientSubnet&) const = default;
};

/// How upstreams are asked; named after the options of CoreDNS's forward plugin where they mean
/// the same. Times of zero mean what each says.
struct ForwardConfig {
    /// Connections idle for longer are not used again. Zero: learnt from when the server closes.
    std::chrono::milliseconds expire{0};
    /// No connection is used for longer. Zero: as long as it lives.
    std::chrono::milliseconds maxAge{0};
    /// So many connections to a provider at the most, more than one only under load.
    unsigned maxConnections = 4;
    /// So many failures in a row take an upstream down; 0: never.
    unsigned maxFails = 2;
    /// What a down upstream is asked, beside the queries that others answer, until it answers.
    struct HealthCheck {
        std::chrono::milliseconds interval{500}; ///< before the first; then longer each time
        bool recursionDesired = true;
        std::string domain = "."; ///< NS of it is asked for
        bool operator==(const HealthCheck&) const = default;
    } healthCheck;
    /// Questions on their way at once; beyond, clients get REFUSED. 0: no limit but our memory's.
    unsigned maxConcurrent = 0;
    /// Connections made for one query; 0: no limit but the deadline.
    unsigned maxConnectAttempts = 0;
    /// Without an answer for so long another upstream is asked as well.
    std::chrono::milliseconds readTimeout{1800};
    /// Response codes that make us ask another upstream; the first such answer is given where none
    /// does better. Not 0 (NOERROR).
    std::vector<std::uint8_t> failover{1, 2, 4, 5};
    /// SERVFAIL at once where every upstream is down, rather than trying all the same.
    bool failfastAllUnhealthy = false;
    /// Where connections come from, per family; nothing: as the system chooses.
    std::optional<IpAddress> sourceAddressV4;
    std::optional<IpAddress> sourceAddressV6;
    /// Servers asked in clear text, and only for the names of upstreams without addresses.
    std::vector<Endpoint> bootstrap;
    /// TLS 1.3 early data (RFC 8446 §2.3) for the first queries on a resumed connection: a round
    /// trip less, but the network could replay them, or link them to the connection before.
    bool earlyData = false;
    /// TCP Fast Open (RFC 7413): a round trip less, but its cookie lets the network link
    /// connections.
    bool tcpFastOpen = false;
    /// Policy::Race: at most this share of queries is sent a second time.
    double raceShare = 0.05;
    /// Policy::Hashed: keeps others from telling which upstream a name goes to.
    std::array<std::uint8_t, 16> salt{};
    ClientSubnet clientSubnet;

    bool operator==(const ForwardConfig&) const = default;
};

/// Names that go to other upstreams than the rest: split DNS.
struct Route {
    std::vector<std::string> zones;  ///< in presentation form, with all below them; never empty
    std::vector<std::string> except; ///< zones below that are not meant
    std::vector<UpstreamConfig> upstreams; ///< plain ones, too; never empty
    Policy policy = Policy::Sequential;

    bool operator==(const Route&) const = default;
};

} // namespace sotto::engine
