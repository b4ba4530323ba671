// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include "forward/engine_core.h"

namespace sotto::engine {

Engine::Engine(std::unique_ptr<Core> core)
    : m_core(std::move(core)) {}

Engine::~Engine() {
    stop();
}

Result<Engine::Started> Engine::start(EngineConfig config, Callbacks callbacks,
                                      std::span<const std::uint8_t> sessions) {
    auto core = std::make_unique<Core>(std::move(callbacks));
    Started started;
    auto notices = core->start(std::move(config), sessions, started.sessionsFault);
    if (!notices)
        return notices.error();
    started.notices = notices.take();
    started.engine.reset(new Engine(std::move(core)));
    return started;
}

Result<std::vector<std::string>> Engine::reconfigure(EngineConfig config) {
    return m_core->reconfigure(std::move(config));
}

const EngineConfig& Engine::config() const {
    return m_core->config();
}

std::vector<Endpoint> Engine::listening() const {
    return m_core->listening();
}

std::size_t Engine::flushCache() {
    return m_core->cache().clear();
}

Result<std::size_t> Engine::flushCache(std::string_view name, FlushScope scope) {
    const auto wire = nameFromText(name);
    if (!wire)
        return Error{ErrorCode::InvalidArgument, std::string(name), "not a domain name"};
    return scope == FlushScope::Name ? m_core->cache().removeName(wire->bytes())
                                     : m_core->cache().removeSubtree(wire->bytes());
}

std::vector<std::uint8_t> Engine::exportCache() const {
    return m_core->exportCache();
}

Result<std::size_t> Engine::importCache(std::span<const std::uint8_t> octets) {
    return m_core->importCache(octets);
}

Statistics Engine::statistics() const {
    return m_core->statistics();
}

std::vector<UpstreamStatus> Engine::upstreams() const {
    return m_core->upstreams();
}

void Engine::readRecords(std::vector<QueryRecord>& out) {
    m_core->readRecords(out);
}

Result<void> Engine::resolve(std::string_view name, std::uint16_t type,
                             std::function<void(Resolution)> done) {
    return m_core->resolve(name, type, std::move(done));
}

Result<void> Engine::testUpstream(UpstreamConfig upstream, UpstreamTestNames names,
                                  std::function<void(const UpstreamTestReport&)> progress) {
    return m_core->testUpstream(std::move(upstream), names, std::move(progress));
}

std::vector<std::uint8_t> Engine::exportSessions() {
    return m_core->exportSessions();
}

Result<std::size_t> Engine::importSessions(std::span<const std::uint8_t> octets) {
    return m_core->importSessions(octets);
}

bool Engine::takePulse() {
    return m_core->takePulse();
}

void Engine::networkChanged() {
    m_core->renewConnections(true);
}

void Engine::suspending() {
    m_core->renewConnections(false);
}

void Engine::stop() {
    m_core->stop();
}

} // namespace sotto::engine
