// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/engine_core.h"

#include "forward/internal_query.h"
#include "observe/clocks.h"

#include <asio/post.hpp>

#include <algorithm>
#include <future>

namespace sotto::engine {

namespace {

constexpr std::chrono::milliseconds kStopGrace{300};
constexpr int kFreePortTries = 16; // a free UDP port may be taken for TCP

Error stoppedError() {
    return {ErrorCode::SystemFailure, "the forwarder", "it has been stopped"};
}

} // namespace

Engine::Core::Core(Callbacks callbacks)
    : m_callbacks(std::move(callbacks))
    , m_cache(CacheConfig{}.sizeBytes)
    , m_listenerRecords(m_callbacks.recordsAvailable)
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

Result<Engine::Core::Listener> Engine::Core::openListener(const Endpoint& endpoint) {
    for (int left = kFreePortTries;; --left) {
        auto udp = UdpSocket::open(endpoint);
        if (!udp)
            return udp.error();
        auto tcp = TcpListener::open(m_context, udp.value()->endpoint());
        if (tcp)
            return Listener{endpoint, udp.take(), tcp.take()};
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
Engine::Core::openListeners(const std::vector<Endpoint>& endpoints) {
    Listeners listeners;
    for (const Endpoint& endpoint : endpoints) {
        const auto open =
            std::find_if(m_listeners.begin(), m_listeners.end(),
                         [&](const Listener& one) { return one.configured == endpoint; });
        if (open != m_listeners.end()) {
            listeners.open.push_back(*open);
            continue;
        }
        if (!hostHasFamily(endpoint.address.isV6)) {
            listeners.notices.push_back(endpoint.toString() + ": skipped, this computer has no " +
                                        (endpoint.address.isV6 ? "IPv6" : "IPv4"));
            continue;
        }
        auto listener = openListener(endpoint);
        if (!listener)
            return explainOwnPort(listener.error(), endpoint);
        listeners.open.push_back(listener.take());
    }
    if (listeners.open.empty())
        return Error{ErrorCode::InvalidArgument, "listen",
                     "none of the addresses can be opened on this computer"};
    return listeners;
}

Result<std::vector<std::string>> Engine::Core::start(EngineConfig config) {
    auto contexts = UpstreamSet::makeContexts(config.upstreams);
    if (!contexts)
        return contexts.error();
    auto listeners = openListeners(config.listen);
    if (!listeners)
        return listeners.error();

    m_config = std::move(config);
    m_frontSettings.publish({m_config.forwarding});
    m_cache.setCapacity(m_config.cache.sizeBytes, bootSeconds());
    m_forwarder.setCacheConfig(m_config.cache);
    m_upstreams.set(m_config.upstreams, m_config.policy, contexts.take());
    m_listeners = listeners.value().open;
    startListeners();
    if (m_config.forwarding)
        m_upstreams.prepare();
    m_resolver = std::thread([this] { m_context.run(); });
    m_udpListener = std::make_unique<UdpListener>(
        std::make_unique<QueryResponder>(m_cache, m_frontSettings, m_listenerCounters,
                                         m_listenerRecords),
        m_forwarder, udpSockets());
    return listeners.value().notices;
}

Result<std::vector<std::string>> Engine::Core::reconfigure(EngineConfig config) {
    if (m_stopped)
        return stoppedError();
    auto contexts = UpstreamSet::makeContexts(config.upstreams);
    if (!contexts)
        return contexts.error();
    Result<Listeners> listeners = Listeners{};
    onResolver([&] { listeners = openListeners(config.listen); });
    if (!listeners)
        return listeners.error();

    const bool upstreamsChange = config.upstreams != m_config.upstreams;
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
        m_forwarder.setCacheConfig(m_config.cache);
        m_cache.setCapacity(m_config.cache.sizeBytes, bootSeconds());
        m_upstreams.set(m_config.upstreams, m_config.policy, contexts.take());
        if (upstreamsChange) {
            m_forwarder.leaveInFlight();
            m_cache.clear();
        }
        m_frontSettings.publish({m_config.forwarding});
        m_upstreams.setActive(m_config.forwarding);
        if (m_config.forwarding && (upstreamsChange || switchedOn))
            m_upstreams.prepare();
        else if (!m_config.forwarding)
            m_upstreams.retireConnections();
    });
    m_udpListener->setSockets(udpSockets());
    return listeners.value().notices;
}

void Engine::Core::startListeners() {
    for (Listener& listener : m_listeners) {
        if (!std::exchange(listener.started, true))
            listener.tcp->start(m_tcpClients);
    }
}

std::vector<std::shared_ptr<UdpSocket>> Engine::Core::udpSockets() const {
    std::vector<std::shared_ptr<UdpSocket>> sockets;
    for (const Listener& listener : m_listeners)
        sockets.push_back(listener.udp);
    return sockets;
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
    m_udpListener.reset();
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
        endpoints.push_back(listener.udp->endpoint());
    return endpoints;
}

Statistics Engine::Core::statistics() const {
    Statistics statistics;
    m_listenerCounters.addTo(statistics);
    m_resolverCounters.addTo(statistics);
    statistics.recordsDropped = m_listenerRecords.dropped() + m_resolverRecords.dropped();
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
    m_listenerRecords.read(out);
    m_resolverRecords.read(out);
    std::stable_sort(out.begin() + before, out.end(),
                     [](const QueryRecord& left, const QueryRecord& right) {
                         return left.unixMicros < right.unixMicros;
                     });
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
