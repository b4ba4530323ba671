// SPDX-License-Identifier: GPL-3.0-or-later
#include "scripted_server.h"

#include "server_loop.h"

#include <utility>

namespace sotto::test {

ScriptedServer::ScriptedServer(Identity identity, ZoneSet zones, Options options, bool encrypted)
    : m_state(std::make_shared<ServerState>(std::move(identity), std::move(zones),
                                            options.keepsRecords))
    , m_options(std::move(options))
    , m_encrypted(encrypted) {}

ScriptedServer::~ScriptedServer() {
    stop();
}

bool ScriptedServer::start(std::string* error) {
    stop();
    auto loop = std::make_unique<ServerLoop>(m_state);
    std::string why;
    if (!loop->listen({m_options.address, m_options.port, m_encrypted, m_options.fastOpen}, why)) {
        if (error)
            *error = why;
        return false;
    }
    m_options.port = loop->port();
    m_loop = std::move(loop);
    return true;
}

void ScriptedServer::stop() {
    m_loop.reset();
}

std::uint16_t ScriptedServer::port() const {
    return m_options.port;
}

void ScriptedServer::setScript(ServerScript script) {
    m_state->setScript(std::move(script));
}

void ScriptedServer::setZones(ZoneSet zones) {
    m_state->setZones(std::move(zones));
}

void ScriptedServer::setResponder(Responder responder) {
    m_state->setResponder(std::move(responder));
}

void ScriptedServer::endConnections(Behaviour::Ending ending) {
    if (m_loop)
        m_loop->endConnections(ending);
}

void ScriptedServer::stopListening() {
    if (m_loop)
        m_loop->stopListening();
}

bool ScriptedServer::listenAgain() {
    return m_loop && m_loop->listenAgain();
}

void ScriptedServer::hang(NewConnections fresh) {
    if (m_loop)
        m_loop->hang(fresh == NewConnections::Drop);
}

void ScriptedServer::wake() {
    if (m_loop)
        m_loop->wake();
}

Observations ScriptedServer::observations() const {
    return m_state->snapshot();
}

void ScriptedServer::forgetObservations() {
    m_state->forget();
}

bool ScriptedServer::waitFor(const std::function<bool(const Observations&)>& predicate,
                             std::chrono::milliseconds timeout) const {
    return m_state->waitFor(predicate, timeout);
}

} // namespace sotto::test
