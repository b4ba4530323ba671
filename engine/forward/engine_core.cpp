// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/engine_core.h"

#include "cache/cache_snapshot.h"
#include "forward/internal_query.h"
#include "forward/snapshot_origin.h"
#include "observe/clocks.h"

#include <asio/post.hpp>

#include <algorithm>
#include <future>
#include <set>
#include <string_view>
#include <system_error>

namespace sotto::engine {

namespace {

constexpr std::chrono::milliseconds kStopGrace{300};
constexpr std::size_t kMaxTests = 4;

Error stoppedError() {
    return {ErrorCode::SystemFailure, "the forwarder", "it has been stopped"};
}

} // namespace

Engine::Core::Core(Callbacks callbacks)
    : m_callbacks(std::move(callbacks))
    , m_cache(CacheConfig{}.sizeBytes)
    , m_resolverRecords(m_callbacks.recordsAvailable)
    , m_work(m_context.get_executor())
    , m_upstreams(m_context,
                  {[this] {
                       if (m_callbacks.upstreamsChanged)
                           m_callbacks.upstreamsChanged();
                   },
                   [this](std::size_t sent) { m_resolverCounters.upstreamQueries.add(sent); }})
    , m_forwarder(m_context, m_cache, m_upstreams, m_frontSettings, m_resolverCounters,
                  m_resolverRecords)
    , m_tcpResponder(m_cache, m_frontSettings, m_resolverCounters, m_resolverRecords)
    , m_tcpClients(m_tcpResponder, m_forwarder)
    , m_listeners(m_context) {}

Engine::Core::~Core() {
    stop();
}

Result<Engine::Core::Prepared> Engine::Core::prepare(const EngineConfig& config) {
    if (config.workers < 1 || config.workers > EngineConfig::kMaxWorkers)
        return Error{ErrorCode::InvalidArgument, "workers",
                     "not between 1 and " + std::to_string(EngineConfig::kMaxWorkers)};
    if (!nameFromText(config.forward.healthCheck.domain))
        return Error{ErrorCode::InvalidArgument, config.forward.healthCheck.domain,
                     "not a domain name"};
    const auto& failover = config.forward.failover;
    if (std::find(failover.begin(), failover.end(), rcode::kNoError) != failover.end())
        return Error{ErrorCode::InvalidArgument, "failover", "NOERROR is no failure"};
    auto policy = CachePolicy::make(config.cache);
    if (!policy)
        return policy.error();
    auto routes = RouteTable::make(config.routes);
    if (!routes)
        return routes.error();
    auto contexts = UpstreamGroups::makeContexts(config);
    if (!contexts)
        return contexts.error();
    return Prepared{policy.take(),
                    routes.value().empty() ? nullptr
                                           : std::make_shared<const RouteTable>(routes.take()),
                    contexts.take()};
}

Result<std::vector<std::string>> Engine::Core::start(EngineConfig config, Bytes sessions,
                                                     std::string& sessionsFault) {
    auto prepared = prepare(config);
    if (!prepared)
        return prepared.error();
    auto listeners = m_listeners.open(config.listen, config.workers);
    if (!listeners)
        return listeners.error();
    if (const auto started = startWorkers(config.workers); !started)
        return started.error();

    m_config = std::move(config);
    if (!sessions.empty()) { // first: upstreams begin with what was learnt of them
        const auto taken = m_upstreams.sessions().import(sessions, unixMicros() / 1'000'000);
        if (!taken)
            sessionsFault = taken.error().detail;
    }
    putInForce(prepared.take());
    m_frontSettings.publish(frontSettings());
    m_listeners.putInForce(listeners.value(), m_tcpClients);
    if (m_config.forwarding)
        m_upstreams.prepare();
    if (const auto started = startResolver(); !started)
        return started.error();
    dealSockets();
    return listeners.value().notices;
}

Result<std::vector<std::string>> Engine::Core::reconfigure(EngineConfig config) {
    if (m_stopped)
        return stoppedError();
    auto prepared = prepare(config);
    if (!prepared)
        return prepared.error();
    Result<ListenerSet::Opened> listeners = ListenerSet::Opened{};
    onResolver([&] { listeners = m_listeners.open(config.listen, config.workers); });
    if (!listeners)
        return listeners.error();
    if (const auto started = startWorkers(config.workers); !started)
        return started.error();

    const bool upstreamsChange = config.upstreams != m_config.upstreams ||
                                 config.routes != m_config.routes ||
                                 config.forward.clientSubnet != m_config.forward.clientSubnet;
    const bool rulesChange = keepingRules(config) != keepingRules(m_config);
    const bool switchedOn = config.forwarding && !m_config.forwarding;
    m_config = std::move(config);
    onResolver([&] {
        m_listeners.putInForce(listeners.value(), m_tcpClients);
        putInForce(prepared.take());
        if (upstreamsChange)
            m_forwarder.leaveInFlight();
        if (upstreamsChange || rulesChange)
            m_cache.clear();
        m_frontSettings.publish(frontSettings());
        m_upstreams.setActive(m_config.forwarding);
        if (m_config.forwarding && (upstreamsChange || switchedOn))
            m_upstreams.prepare();
        else if (!m_config.forwarding)
            m_upstreams.retireConnections();
    });
    dealSockets();
    return listeners.value().notices;
}

FrontSettings Engine::Core::frontSettings() const {
    const bool passSubnets = m_config.forward.clientSubnet.mode == ClientSubnet::Mode::Pass;
    return {m_config.forwarding,
            {m_config.browserCanary, m_config.checkKey},
            m_config.recordQueries,
            passSubnets,
            m_routes};
}

void Engine::Core::putInForce(Prepared prepared) {
    m_routes = prepared.routes;
    m_cache.configure(m_config.cache, bootSeconds());
    m_forwarder.setCachePolicy(std::move(prepared.cachePolicy));
    m_forwarder.setMaxConcurrent(m_config.forward.maxConcurrent);
    m_upstreams.set(m_config, std::move(prepared.routes), std::move(prepared.contexts));
}

/// Makes the threads that are missing; they sleep until they are given sockets.
Result<void> Engine::Core::startWorkers(unsigned workers) {
    while (m_workers.size() < workers) {
        auto worker = std::make_unique<Worker>(m_callbacks.recordsAvailable);
        auto listener =
            UdpListener::start(std::make_unique<QueryResponder>(m_cache, m_frontSettings,
                                                                worker->counters, worker->records),
                               m_forwarder);
        if (!listener)
            return listener.error();
        worker->listener = listener.take();
        m_workers.push_back(std::move(worker));
    }
    return {};
}

Result<void> Engine::Core::startResolver() {
    try {
        m_resolver = std::thread([this] { m_context.run(); });
    } catch (const std::system_error& error) {
        return Error{ErrorCode::SystemFailure, "no thread for the resolver", error.what()};
    }
    return {};
}

/// Deals the sockets out to the workers that are wanted; the others get none.
void Engine::Core::dealSockets() {
    auto hands = m_listeners.deal(m_config.workers);
    hands.resize(m_workers.size());
    for (std::size_t i = 0; i < hands.size(); ++i)
        m_workers[i]->listener->setSockets(std::move(hands[i]));
}

void Engine::Core::onResolver(const std::function<void()>& work) {
    if (!m_resolver.joinable())
        return work();
    std::promise<void> finished;
    asio::post(m_context, [&] {
        work();
        finished.set_value();
    });
    finished.get_future().wait();
}

void Engine::Core::stop() {
    if (std::exchange(m_stopped, true))
        return;
    if (m_resolver.joinable())
        onResolver([this] {
            m_listeners.closeTcp();
            for (const auto& test : m_tests)
                test->stop(stoppedError().message());
        });
    for (const auto& worker : m_workers)
        worker->listener.reset();
    if (m_resolver.joinable()) {
        asio::post(m_context, [this] {
            m_forwarder.stop(kStopGrace, [this] {
                // What was answered last is written in this turn of the loop; then all is closed.
                asio::post(m_context, [this] {
                    m_tcpClients.closeAll();
                    m_upstreams.close();
                    m_work.reset();
                    m_context.stop();
                });
            });
        });
        m_resolver.join();
    }
    m_listeners.forget();
}

std::vector<std::uint8_t> Engine::Core::exportCache() const {
    return writeSnapshot(m_cache, snapshotOrigin(m_config),
                         {unixMicros() / 1'000'000, bootSeconds()});
}

Result<std::size_t> Engine::Core::importCache(Bytes octets) {
    const auto policy = CachePolicy::make(m_config.cache);
    if (!policy)
        return policy.error();
    return readSnapshot(octets, snapshotOrigin(m_config), {unixMicros() / 1'000'000, bootSeconds()},
                        policy.value(), m_cache);
}

std::vector<std::uint8_t> Engine::Core::exportSessions() {
    std::vector<std::uint8_t> octets;
    onResolver([&] { octets = m_upstreams.sessions().exportAll(unixMicros() / 1'000'000); });
    return octets;
}

Result<std::size_t> Engine::Core::importSessions(Bytes octets) {
    std::set<SessionKey> keys;
    const auto add = [&](const std::vector<UpstreamConfig>& upstreams) {
        for (const UpstreamConfig& upstream : upstreams)
            keys.insert(sessionKeyOf(upstream));
    };
    add(m_config.upstreams);
    for (const Route& route : m_config.routes)
        add(route.upstreams);
    Result<std::size_t> taken = std::size_t{0};
    onResolver([&] {
        taken = m_upstreams.sessions().import(
            octets, unixMicros() / 1'000'000,
            [&](const SessionKey& key) { return keys.contains(key); });
    });
    return taken;
}

Statistics Engine::Core::statistics() const {
    Statistics statistics;
    m_resolverCounters.addTo(statistics);
    statistics.recordsDropped = m_resolverRecords.dropped();
    for (const auto& worker : m_workers) {
        worker->counters.addTo(statistics);
        statistics.recordsDropped += worker->records.dropped();
    }
    const ResponseCache::Usage usage = m_cache.usage();
    statistics.cacheEntries = usage.entries;
    statistics.cacheBytes = usage.bytes;
    statistics.cacheCapacityBytes = usage.capacityBytes;
    statistics.cacheEvictions = usage.evictions;
    return statistics;
}

std::vector<UpstreamStatus> Engine::Core::upstreams() {
    std::vector<UpstreamStatus> status;
    onResolver([&] { status = m_upstreams.status(); });
    return status;
}

void Engine::Core::readRecords(std::vector<QueryRecord>& out) {
    const auto before = static_cast<std::ptrdiff_t>(out.size());
    for (const auto& worker : m_workers)
        worker->records.read(out);
    m_resolverRecords.read(out);
    const auto earlier = [](const QueryRecord& left, const QueryRecord& right) {
        return left.unixMicros < right.unixMicros;
    };
    if (!std::is_sorted(out.begin() + before, out.end(), earlier)) // records are large to move
        std::stable_sort(out.begin() + before, out.end(), earlier);
}

Result<void> Engine::Core::resolve(std::string_view name, std::uint16_t type,
                                   std::function<void(Resolution)> done) {
    const auto wire = nameFromText(name);
    if (!wire)
        return Error{ErrorCode::InvalidArgument, std::string(name), "not a domain name"};
    if (m_stopped)
        return stoppedError();
    std::vector<ClientQuery> queries;
    queries.push_back(makeInternalQuery(*wire, type, std::move(done)));
    m_forwarder.take(queries);
    return {};
}

Result<void> Engine::Core::testUpstream(UpstreamConfig upstream, const UpstreamTestNames& names,
                                        UpstreamTestRun::Progress progress) {
    if (m_stopped)
        return stoppedError();
    auto test = UpstreamTestRun::make(m_upstreams.surroundings(), std::move(upstream), names,
                                      m_config.forward, hostHasFamily(true), std::move(progress));
    if (!test)
        return test.error();
    bool hasRoom = false;
    onResolver([&] {
        std::erase_if(m_tests, [](const auto& one) { return one->isOver(); });
        hasRoom = m_tests.size() < kMaxTests;
        if (!hasRoom)
            return;
        m_tests.push_back(test.take());
        m_tests.back()->start();
    });
    if (!hasRoom)
        return Error{ErrorCode::SystemFailure, "",
                     std::to_string(kMaxTests) + " tests run already"};
    return {};
}

bool Engine::Core::takePulse() {
    if (m_stopped)
        return true;
    bool beats = m_resolverTurned.exchange(false);
    asio::post(m_context, [this] { m_resolverTurned = true; });
    for (const auto& worker : m_workers) {
        const std::uint64_t wakes = worker->listener->wakes();
        beats = beats && worker->wakes != wakes;
        worker->wakes = wakes;
        worker->listener->nudge();
    }
    return beats;
}

void Engine::Core::renewConnections(bool connectAgain) {
    onResolver([&] {
        m_upstreams.retireConnections();
        if (connectAgain && m_config.forwarding)
            m_upstreams.prepare();
    });
}

} // namespace sotto::engine
