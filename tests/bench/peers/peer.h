// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::bench {

/// What the way to the upstream is worth; figures of misses compare only where it is the same.
namespace upstream {
inline constexpr const char* kVerified = "TLS, verified";
inline constexpr const char* kUnverified = "TLS, not verified";
inline constexpr const char* kPlain = "clear text";
} // namespace upstream

/// Where a peer is to run.
struct PeerSite {
    std::filesystem::path root;   ///< the peers' root, as seen from outside of it
    std::filesystem::path folder; ///< its own, empty at every start; the same path on both sides
    std::filesystem::path caFile; ///< the same path on both sides
    std::uint16_t port = 0;       ///< to listen on, on 127.0.0.1, UDP and TCP
    std::string version;          ///< Debian's
    std::vector<std::string> upstreams{"127.0.0.1"}; ///< addresses of those asked over TLS

    /// Writes a file into the folder and gives its path. In the content {PORT}, {FOLDER}, {CA},
    /// {TLS_PORT}, {TLS_NAME} and {PLAIN_PORT} stand for what they say; what is between {EACH} and
    /// {END} is written once for each upstream, whose address {ADDRESS} stands for.
    std::string write(std::string_view name, std::string content) const;
    /// Whether the version is at least this one.
    bool isAtLeast(int major, int minor) const;
};

/// How a peer is started.
struct PeerSetup {
    std::vector<std::string> command;
    const char* upstream = upstream::kVerified;
    std::vector<std::string> environment{}; ///< "NAME=value", beside this process's own
};

/// A program of others to compare with. It is to be configured as Sotto is by default: one thread
/// for the work, cache on and large enough for 100,000 answers, no query log, no validation, no
/// prefetching, everything forwarded.
struct Peer {
    std::string name;                                  ///< as people call it
    std::string package;                               ///< Debian's
    std::function<PeerSetup(const PeerSite&)> prepare; ///< writes its configuration
    bool caches = true; ///< false: only its start and its memory are measured
    /// It keeps so many answers at the most and cannot be told to keep more; 0: no such bound.
    std::size_t cacheBound = 0;
    std::string remark{}; ///< what a reader of its figures should know, as a phrase
};

Peer unbound();
Peer dnsdist();
Peer knotResolver();
Peer pdnsRecursor();
Peer smartdns();
Peer bind9();
Peer dnsmasq();
Peer dnscryptProxy();
Peer systemdResolved();
Peer stubby();

/// All of these, in the order of the table.
std::vector<Peer> allPeers();

} // namespace sotto::bench
