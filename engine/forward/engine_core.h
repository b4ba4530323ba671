// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"

#include "cache/response_cache.h"
#include "forward/forwarder.h"
#include "forward/listener_set.h"
#include "listen/udp_listener.h"
#include "observe/counters.h"
#include "observe/record_ring.h"
#include "observe/snapshot.h"
#include "upstream/upstream_groups.h"
#include "upstream/upstream_test_run.h"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace sotto::engine {

/// The parts of the engine and its threads: the UDP listeners, and the resolver with everything
/// else. Members are called by the owner's thread; what belongs to the resolver is reached by
/// running a piece of code there and waiting for it.
class Engine::Core {
public:
    explicit Core(Callbacks callbacks);
    ~Core();

    /// sessionsFault: why the sessions could not be taken over, if so.
    Result<std::vector<std::string>> start(EngineConfig config, Bytes sessions,
                                           std::string& sessionsFault);
    Result<std::vector<std::string>> reconfigure(EngineConfig config);
    void stop();

    const EngineConfig& config() const { return m_config; }
    std::vector<Endpoint> listening() const { return m_listeners.endpoints(); }
    ResponseCache& cache() { return m_cache; }
    std::vector<std::uint8_t> exportCache() const;
    Result<std::size_t> importCache(Bytes octets);
    Statistics statistics() const;
    std::vector<UpstreamStatus> upstreams();
    void readRecords(std::vector<QueryRecord>& out);
    Result<void> resolve(std::string_view name, std::uint16_t type,
                         std::function<void(Resolution)> done);
    Result<void> testUpstream(UpstreamConfig upstream, const UpstreamTestNames& names,
                              UpstreamTestRun::Progress progress);
    bool takePulse();
    void renewConnections(bool connectAgain);
    std::vector<std::uint8_t> exportSessions();
    Result<std::size_t> importSessions(Bytes octets);

private:
    /// A thread that answers UDP, with what it alone writes.
    struct Worker {
        explicit Worker(const std::function<void()>& recordsAvailable)
            : records(recordsAvailable) {}
        Counters counters;
        RecordRing records;
        std::unique_ptr<UdpListener> listener;
        std::optional<std::uint64_t> wakes; ///< at the last takePulse()
    };
    /// What a configuration comes down to, made before anything is changed.
    struct Prepared {
        CachePolicy cachePolicy;
        std::shared_ptr<const RouteTable> routes; ///< null where there are none
        UpstreamGroups::TlsContexts contexts;
    };

    Result<void> startWorkers(unsigned workers);
    static Result<Prepared> prepare(const EngineConfig& config);
    void putInForce(Prepared prepared);
    void dealSockets();
    FrontSettings frontSettings() const;
    Result<void> startResolver();
    void onResolver(const std::function<void()>& work);

    Callbacks m_callbacks;
    EngineConfig m_config;
    std::shared_ptr<const RouteTable> m_routes;
    Snapshot<FrontSettings> m_frontSettings{FrontSettings{}};
    ResponseCache m_cache;

    Counters m_resolverCounters;
    RecordRing m_resolverRecords;

    asio::io_context m_context{1};
    asio::executor_work_guard<asio::io_context::executor_type> m_work;
    UpstreamGroups m_upstreams;
    std::vector<std::shared_ptr<UpstreamTestRun>> m_tests;
    Forwarder m_forwarder;
    QueryResponder m_tcpResponder;
    TcpClients m_tcpClients;

    ListenerSet m_listeners;
    /// Never fewer than before: those without work sleep, and what they counted still counts.
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::thread m_resolver;
    std::atomic<bool> m_resolverTurned = true; ///< since the last takePulse()
    bool m_stopped = false;
};

} // namespace sotto::engine
