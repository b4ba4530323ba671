// SPDX-License-Identifier: GPL-3.0-or-later
#include "fault_injector.h"

#include "soak_names.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace sotto::test {

using std::chrono::milliseconds;
using Ending = Behaviour::Ending;

FaultInjector::FaultInjector(SoakServers& servers, engine::Engine& engine, std::uint32_t seed)
    : m_servers(servers)
    , m_engine(engine)
    , m_config(engine.config())
    , m_random(seed) {}

milliseconds FaultInjector::upTo(unsigned limit) {
    return milliseconds(m_random() % (limit + 1));
}

void FaultInjector::step() {
    ++m_steps;
    const auto now = Clock::now();
    for (std::size_t i = 0; i < SoakServers::kCount; ++i)
        if (m_isHarmed[i] && now >= m_wellAt[i])
            healServer(i);
    if (oneIn(3))
        return changeEngine();
    const std::size_t index = m_random() % SoakServers::kCount;
    if (!m_isHarmed[index])
        harmServer(index);
}

void FaultInjector::harmServer(std::size_t index) {
    DotServer& server = m_servers[index];
    m_isHarmed[index] = true;
    m_wellAt[index] = Clock::now() + upTo(oneIn(5) ? 4000 : 800);
    switch (m_random() % 8) {
    case 0:
        return server.stop();
    case 1:
        return server.hang(oneIn(2) ? DotServer::NewConnections::Drop
                                    : DotServer::NewConnections::Queue);
    case 2:
        server.stopListening();
        return;
    case 3:
        server.setIdentity(m_servers.badIdentity(m_random() % 3));
        server.changeTicketKeys();
        return server.endConnections(Ending::Close);
    case 4:
        server.changeTicketKeys();
        return server.endConnections(static_cast<Ending>(1 + m_random() % 4));
    default:
        return server.setScript(randomScript());
    }
}

void FaultInjector::healServer(std::size_t index) {
    DotServer& server = m_servers[index];
    server.wake();
    server.setScript({});
    server.setIdentity(m_servers.goodIdentity());
    if (!server.listenAgain() && !server.start())
        std::fprintf(stderr, "server %zu cannot listen again\n", index);
    m_isHarmed[index] = false;
}

void FaultInjector::heal() {
    for (std::size_t i = 0; i < SoakServers::kCount; ++i)
        healServer(i);
}

ServerScript FaultInjector::randomScript() {
    ServerScript script;
    switch (m_random() % 10) {
    case 0:
        script.atAccept = static_cast<ServerScript::AtAccept>(m_random() % 4);
        break;
    case 1:
        script.newest = ServerScript::Tls::V1_2;
        script.tickets = oneIn(2);
        break;
    case 2:
        script.earlyData =
            oneIn(2) ? ServerScript::ZeroRtt::Accepted : ServerScript::ZeroRtt::Rejected;
        script.closeAfterAnswers = 1 + m_random() % 20;
        break;
    case 3:
        script.helloDelay = upTo(400);
        script.helloGap = upTo(400);
        break;
    case 4:
        script.closeAfterAnswers = 1 + m_random() % 10;
        script.endingAfterAnswers = static_cast<Ending>(1 + m_random() % 4);
        break;
    case 5:
        script.idleClose = upTo(300) + milliseconds(5);
        script.idleEnding = static_cast<Ending>(1 + m_random() % 4);
        break;
    case 6:
        script.reorder = 2 + m_random() % 20;
        script.maxInFlight = m_random() % 5;
        break;
    default:
        misbehave(script.behaviour);
        break;
    }
    return script;
}

void FaultInjector::misbehave(Behaviour& behaviour) {
    behaviour.every = m_random() % 6;
    switch (m_random() % 12) {
    case 0:
        behaviour.delay = upTo(2500);
        break;
    case 1:
        behaviour.drop = true;
        break;
    case 2:
        behaviour.rcode = oneIn(2) ? rcode::kServFail : rcode::kRefused;
        break;
    case 3:
        behaviour.wrongId = true;
        break;
    case 4:
        behaviour.question = static_cast<Behaviour::Question>(m_random() % 6);
        break;
    case 5:
        behaviour.truncated = true;
        break;
    case 6:
        behaviour.size = 1000 + m_random() % 64'000;
        break;
    case 7:
        behaviour.raw = Bytes(m_random() % 600, static_cast<std::uint8_t>(m_random()));
        break;
    case 8:
        behaviour.unsolicitedFirst = true;
        behaviour.copies = m_random() % 4;
        break;
    case 9:
        behaviour.halfFrame = true;
        behaviour.ending = static_cast<Ending>(m_random() % 5);
        break;
    case 10:
        behaviour.keepalive = milliseconds(100 * (m_random() % 20));
        break;
    default:
        behaviour.drop = oneIn(2);
        behaviour.ending = static_cast<Ending>(1 + m_random() % 4);
        break;
    }
}

void FaultInjector::changeEngine() {
    switch (m_random() % 8) {
    case 0:
        return m_engine.networkChanged();
    case 1:
        return m_engine.suspending();
    case 2:
        return reconfigure();
    case 3:
        m_engine.flushCache();
        return;
    case 4:
        m_sessions = m_engine.exportSessions();
        return;
    case 5:
        static_cast<void>(m_engine.importSessions(m_sessions).ok());
        return;
    case 6: {
        m_cache = m_engine.exportCache();
        static_cast<void>(m_engine.importCache(m_cache).ok());
        return;
    }
    default: {
        std::vector<engine::QueryRecord> records;
        m_engine.readRecords(records);
        static_cast<void>(m_engine.upstreams().size() + m_engine.statistics().queries());
        const auto asked = m_engine.resolve(soak_names::name(m_random() % soak_names::kCount),
                                            rr::kA, [](const engine::Engine::Resolution&) {});
        static_cast<void>(asked.ok());
        return;
    }
    }
}

void FaultInjector::reconfigure() {
    engine::EngineConfig config = m_config;
    config.policy = static_cast<engine::Policy>(m_random() % 6);
    config.forward.earlyData = oneIn(2);
    config.forward.maxConnections = 1 + m_random() % 4;
    config.forward.maxAge = oneIn(3) ? upTo(1000) : milliseconds(0);
    config.forward.maxFails = m_random() % 4;
    config.workers = 1 + m_random() % 3;
    config.cache.prefetch.hits = m_random() % 3;
    config.cache.stale.enabled = oneIn(2);
    std::shuffle(config.upstreams.begin(), config.upstreams.end(), m_random);
    if (oneIn(3))
        config.upstreams.pop_back();
    if (const auto done = m_engine.reconfigure(config); !done)
        std::fprintf(stderr, "refused: %s\n", done.error().message().c_str());
}

} // namespace sotto::test
