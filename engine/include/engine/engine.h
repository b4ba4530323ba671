// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "engine/query_record.h"
#include "engine/result.h"
#include "engine/statistics.h"
#include "engine/upstream_status.h"
#include "engine/upstream_test.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::engine {

/// The caching DNS-over-TLS forwarder: opens its listen addresses for UDP and TCP, answers from
/// its cache, and asks upstreams for the rest.
///
/// Threads: every member may be called from any one thread at a time (the owner's). The callbacks
/// run on the engine's own threads and must only pass the news on. No member throws.
class Engine {
public:
    struct Callbacks {
        /// Query records wait to be read. Called once, then not again until readRecords().
        std::function<void()> recordsAvailable;
        /// Some upstream changed its state or its last error. May come in quick succession.
        std::function<void()> upstreamsChanged;
    };

    /// A configuration that took effect, with what could not be done of it but does no harm,
    /// e.g. an IPv6 address on a host without IPv6.
    struct Started {
        std::unique_ptr<Engine> engine;
        std::vector<std::string> notices;
        std::string sessionsFault; ///< why the sessions could not be taken over; empty else
    };

    /// Opens the listen addresses and answers from then on. An address family that the host lacks
    /// is skipped with a notice; any other failed bind is an error and nothing stays open.
    /// sessions: as for importSessions(), so that the first connections, which are made at once,
    /// find them.
    static Result<Started> start(EngineConfig config, Callbacks callbacks,
                                 std::span<const std::uint8_t> sessions = {});

    /// Stops as stop() does.
    ~Engine();

    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Puts another configuration in force, all of it or (on error) none of it. Listen addresses
    /// and upstreams that stay keep their sockets, connections and cached answers. A change of the
    /// upstreams empties the cache, because another provider may answer otherwise.
    Result<std::vector<std::string>> reconfigure(EngineConfig config);

    /// The configuration in force.
    const EngineConfig& config() const;

    /// The addresses that are open now, with their real ports.
    std::vector<Endpoint> listening() const;

    /// Forgets every cached answer; returns how many there were.
    std::size_t flushCache();
    enum class FlushScope { Name, Subtree };
    /// Forgets every cached answer to questions for this name (presentation form, any type), or
    /// for it and all names below it.
    Result<std::size_t> flushCache(std::string_view name, FlushScope scope = FlushScope::Name);

    /// The cache's answers that are still of use, as octets to be kept on disk: versioned, with a
    /// checksum, and marked with the time and the upstreams that they came from.
    std::vector<std::uint8_t> exportCache() const;
    /// Takes answers back, aged by the time since exportCache(); gives how many are in use again.
    /// An error, and nothing taken, where the octets are damaged, of another version or other
    /// upstreams, or from a time that lies ahead.
    Result<std::size_t> importCache(std::span<const std::uint8_t> octets);

    Statistics statistics() const;
    std::vector<UpstreamStatus> upstreams() const;

    /// Appends the query records that have come since the last call, in the order in which
    /// the queries arrived.
    void readRecords(std::vector<QueryRecord>& out);

    /// The answer to a question asked through resolve().
    struct Resolution {
        std::vector<std::uint8_t> message; ///< the whole DNS answer in wire form
        std::vector<std::string> records;  ///< "section owner TTL class type rdata", one a record
        QueryRecord record;                ///< how it was answered
    };

    /// Asks a question as a client would, through cache and upstreams. done runs on an engine
    /// thread, exactly once, also when the engine stops first (then with SERVFAIL).
    Result<void> resolve(std::string_view name, std::uint16_t type,
                         std::function<void(Resolution)> done);

    /// Tries a server out, in force or not, on connections of its own and without the cache.
    /// progress runs on an engine thread with what is known so far, the last time with finished
    /// set; also when the engine stops first. An error where the configuration itself is wrong.
    Result<void> testUpstream(UpstreamConfig upstream, UpstreamTestNames names,
                              std::function<void(const UpstreamTestReport&)> progress);

    /// The TLS sessions that a later run may resume, and what was learnt of the upstreams beside
    /// them, as octets to be kept where nobody else can read them. Each session is bound to the
    /// upstream's name, pins and authorities, ends with its certificate and after 24 hours at the
    /// latest, and is for one use: what was exported is gone from here.
    std::vector<std::uint8_t> exportSessions();
    /// Takes sessions over from an earlier run; what is too old, from the future, damaged or not
    /// for any upstream of today is left out. Returns how many are of use.
    Result<std::size_t> importSessions(std::span<const std::uint8_t> octets);

    /// Whether each of the engine's threads has taken a turn since the last call, which woke them
    /// for that; true at the first call. For a watchdog: false a few seconds later means that a
    /// thread hangs.
    bool takePulse();

    /// The network under us changed: every pooled connection is suspect and is made anew.
    void networkChanged();
    /// The machine is about to sleep: connections are closed.
    void suspending();

    /// Closes the listeners, answers what is in flight (SERVFAIL after 300 ms at the latest) and
    /// joins the threads. Idempotent. Afterwards reconfigure() and resolve() give an error.
    void stop();

private:
    class Core;
    explicit Engine(std::unique_ptr<Core> core);
    std::unique_ptr<Core> m_core;
};

/// "TYPE" of a mnemonic ("A", "https") or RFC 3597's "TYPE65"; 0 where it is neither.
std::uint16_t recordTypeFromText(std::string_view text);
/// The mnemonic of a type, or "TYPEnnn".
std::string recordTypeText(std::uint16_t type);
/// The mnemonic of a response code ("NOERROR", "NXDOMAIN"), or "RCODEnnn".
std::string responseCodeText(std::uint16_t rcode);

} // namespace sotto::engine
