// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/engine_core.h"

#include "forward/internal_query.h"
#include "observe/clocks.h"

#include <asio/post.hpp>
#include <openssl/sha.h>

#include <algorithm>
#include <future>
#include <tuple>

namespace sotto::engine {

namespace {

constexpr std::chrono::milliseconds kStopGrace{300};
constexpr int kFreePortTries = 16; // a free UDP port may be taken for TCP

/// Whether both configurations keep the same answers for the same time.
bool keepsAlike(const CacheConfig& a, const CacheConfig& b) {
    const auto rules = [](const CacheConfig& config) {
        return std::tie(config.positiveTtlCap, config.negativeTtlCap, config.positiveTtlFloor,
                        config.negativeTtlFloor, config.zones, config.positiveDisabled,
                        config.negativeDisabled);
    };
    return rules(a) == rules(b);
}

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
                   [this](std::uint64_t sent) { m_resolverCounters.upstreamQueries.add(sent); }})
    , m_forwarder(m_context, m_cache, m_upstreams, m_frontSettings, m_resolverCounters,
                  m_resolverRecords)
    , m_tcpResponder(m_cache, m_frontSettings, m_resolverCounters, m_resolverRecords)
    , m_tcpClients(m_tcpResponder, m_forwarder) {}

Engine::Core::~Core() {
    stop();
}

Result<void> Engine::Core::addSockets(Listener& listener, unsigned workers) {
    while (listener.udp.size() < workers) {
        auto socket = UdpSocket::openBeside(*listener.udp.front());
        if (!socket)
            return socket.error();
        listener.udp.push_back(socket.take());
    }
    listener.udp.resize(workers);
    return {};
}

Result<Engine::Core::Listener> Engine::Core::openListener(const Endpoint& endpoint,
                                                          unsigned workers) {
    for (int left = kFreePortTries;; --left) {
        auto udp = UdpSocket::open(endpoint);
        if (!udp)
            return udp.error();
        Listener listener{endpoint, {udp.take()}, nullptr};
        auto tcp = TcpListener::open(m_context, listener.udp.front()->endpoint());
        if (tcp) {
            listener.tcp = tcp.take();
            const auto shared = addSockets(listener, workers);
            return shared ? Result<Listener>(listener) : shared.error();
        }
        if (endpoint.port != 0 || left == 0)
            return tcp.error();
    }
}

/// Where the port is held by a listener of our own, at an address that covers this one or is
/// covered by it, nobody else is to blame.
Error Engine::Core::explainOwnPort(Error error, const Endpoint& endpoint) const {
    const auto own = std::find_if(m_listeners.begin(), m_listeners.end(), [&](const Listener& one) {
        return one.configured.port == endpoint.port &&
               one.configured.address.isV6 == endpoint.address.isV6;
    });
    if (error.code == ErrorCode::AddressInUse && own != m_listeners.end())
        error.detail += "; this service itself holds the port at " + own->configured.toString() +
                        ", so this change needs a restart";
    return error;
}

/// Opens what is not open yet and takes over what is.
Result<Engine::Core::Listeners>
Engine::Core::openListeners(const std::vector<Endpoint>& endpoints, unsigned workers) {
    Listeners listeners;
    for (const Endpoint& endpoint : endpoints) {
        const auto open =
            std::find_if(m_listeners.begin(), m_listeners.end(),
                         [&](const Listener& one) { return one.configured == endpoint; });
        if (open != m_listeners.end()) {
            listeners.open.push_back(*open);
            if (const auto shared = addSockets(listeners.open.back(), workers); !shared)
                return shared.error();
            continue;
        }
        if (!hostHasFamily(endpoint.address.isV6)) {
            listeners.notices.push_back(endpoint.toString() + ": skipped, this computer has no " +
                                        (endpoint.address.isV6 ? "IPv6" : "IPv4"));
            continue;
        }
        auto listener = openListener(endpoint, workers);
        if (!listener)
            return explainOwnPort(listener.error(), endpoint);
        listeners.open.push_back(listener.take());
    }
    if (listeners.open.empty())
        return Error{ErrorCode::InvalidArgument, "listen",
                     "none of the addresses can be opened on this computer"};
    return listeners;
}

/// What must be right before anything is changed.
Result<CachePolicy> Engine::Core::checkConfig(const EngineConfig& config) {
    if (config.workers < 1 || config.workers > EngineConfig::kMaxWorkers)
        return Error{ErrorCode::InvalidArgument, "workers",
                     "not between 1 and " + std::to_string(EngineConfig::kMaxWorkers)};
    return CachePolicy::make(config.cache);
}

Result<std::vector<std::string>> Engine::Core::start(EngineConfig config) {
    auto policy = checkConfig(config);
    if (!policy)
        return policy.error();
    auto contexts = UpstreamSet::makeContexts(config.upstreams);
    if (!contexts)
        return contexts.error();
    auto listeners = openListeners(config.listen, config.workers);
    if (!listeners)
        return listeners.error();

    m_config = std::move(config);
    m_frontSettings.publish(frontSettings());
    m_cache.configure(m_config.cache, bootSeconds());
    m_forwarder.setCachePolicy(policy.take());
    m_upstreams.set(m_config.upstreams, m_config.policy, contexts.take());
    m_listeners = listeners.value().open;
    startListeners();
    if (m_config.forwarding)
        m_upstreams.prepare();
    m_resolver = std::thread([this] { m_context.run(); });
    runWorkers();
    return listeners.value().notices;
}

Result<std::vector<std::string>> Engine::Core::reconfigure(EngineConfig config) {
    if (m_stopped)
        return stoppedError();
    auto policy = checkConfig(config);
    if (!policy)
        return policy.error();
    auto contexts = UpstreamSet::makeContexts(config.upstreams);
    if (!contexts)
        return contexts.error();
    Result<Listeners> listeners = Listeners{};
    onResolver([&] { listeners = openListeners(config.listen, config.workers); });
    if (!listeners)
        return listeners.error();

    const bool upstreamsChange = config.upstreams != m_config.upstreams;
    const bool rulesChange = !keepsAlike(config.cache, m_config.cache);
    const bool canaryChanges = config.browserCanary != m_config.browserCanary;
    const bool switchedOn = config.forwarding && !m_config.forwarding;
    m_config = std::move(config);
    onResolver([&] {
        for (const Listener& old : m_listeners) {
            const bool stays =
                std::any_of(listeners.value().open.begin(), listeners.value().open.end(),
                            [&](const Listener& one) { return one.configured == old.configured; });
            if (!stays)
                old.tcp->close();
        }
        m_listeners = listeners.value().open;
        startListeners();
        m_forwarder.setCachePolicy(policy.take());
        m_cache.configure(m_config.cache, bootSeconds());
        m_upstreams.set(m_config.upstreams, m_config.policy, contexts.take());
        if (upstreamsChange)
            m_forwarder.leaveInFlight();
        if (upstreamsChange || rulesChange || canaryChanges)
            m_cache.clear();
        m_frontSettings.publish(frontSettings());
        m_upstreams.setActive(m_config.forwarding);
        if (m_config.forwarding && (upstreamsChange || switchedOn))
            m_upstreams.prepare();
        else if (!m_config.forwarding)
            m_upstreams.retireConnections();
    });
    runWorkers();
    return listeners.value().notices;
}

FrontSettings Engine::Core::frontSettings() const {
    return {m_config.forwarding, m_config.browserCanary, m_config.recordQueries};
}

/// Gives every worker its sockets, those that are not needed any more none.
void Engine::Core::runWorkers() {
    while (m_workers.size() < m_config.workers)
        m_workers.push_back(std::make_unique<Worker>(m_callbacks.recordsAvailable));
    for (std::size_t i = 0; i < m_workers.size(); ++i) {
        std::vector<std::shared_ptr<UdpSocket>> sockets;
        for (const Listener& listener : m_listeners) {
            if (i < listener.udp.size())
                sockets.push_back(listener.udp[i]);
        }
        Worker& worker = *m_workers[i];
        if (worker.listener)
            worker.listener->setSockets(std::move(sockets));
        else
            worker.listener = std::make_unique<UdpListener>(
                std::make_unique<QueryResponder>(m_cache, m_frontSettings, worker.counters,
                                                 worker.records),
                m_forwarder, std::move(sockets));
    }
}

void Engine::Core::startListeners() {
    for (Listener& listener : m_listeners) {
        if (!std::exchange(listener.started, true))
            listener.tcp->start(m_tcpClients);
    }
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
            for (const Listener& listener : m_listeners)
                listener.tcp->close();
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
    m_listeners.clear();
}

std::vector<Endpoint> Engine::Core::listening() const {
    std::vector<Endpoint> endpoints;
    for (const Listener& listener : m_listeners)
        endpoints.push_back(listener.udp.front()->endpoint());
    return endpoints;
}

/// Other upstreams may answer otherwise, and other rules keep other answers.
SnapshotOrigin Engine::Core::snapshotOrigin() const {
    std::string text;
    const auto add = [&](std::string_view part) { (text += part) += '\0'; };
    for (const UpstreamConfig& upstream : m_config.upstreams) {
        add(upstream.toString());
        add(upstream.caPem);
        for (const std::string& pin : upstream.pins)
            add(pin);
    }
    const CacheConfig& cache = m_config.cache;
    for (const auto& ttl : {cache.positiveTtlCap, cache.negativeTtlCap, cache.positiveTtlFloor,
                            cache.negativeTtlFloor})
        add(std::to_string(ttl.count()));
    for (const auto* zones : {&cache.zones, &cache.positiveDisabled, &cache.negativeDisabled}) {
        add("zones");
        for (const std::string& zone : *zones)
            add(zone);
    }
    SnapshotOrigin origin{};
    SHA256(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), origin.data());
    return origin;
}

std::vector<std::uint8_t> Engine::Core::exportCache() const {
    return writeSnapshot(m_cache, snapshotOrigin(), {unixMicros() / 1'000'000, bootSeconds()});
}

Result<std::size_t> Engine::Core::importCache(Bytes octets) {
    return readSnapshot(octets, snapshotOrigin(), {unixMicros() / 1'000'000, bootSeconds()},
                        m_cache);
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

void Engine::Core::renewConnections(bool connectAgain) {
    onResolver([&] {
        m_upstreams.retireConnections();
        if (connectAgain && m_config.forwarding)
            m_upstreams.prepare();
    });
}

} // namespace sotto::engine
