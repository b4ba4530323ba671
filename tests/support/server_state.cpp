// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_state.h"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace sotto::test {

ServerState::ServerState(Identity identity, ZoneSet zones, bool keepsRecords)
    : m_keepsRecords(keepsRecords)
    , m_identity(std::move(identity))
    , m_zones(std::make_shared<ZoneSet>(std::move(zones))) {
    RAND_bytes(m_ticketKeys.data(), static_cast<int>(m_ticketKeys.size()));
}

void ServerState::setIdentity(Identity identity) {
    const std::lock_guard lock(m_mutex);
    m_identity = std::move(identity);
}

void ServerState::setZones(ZoneSet zones) {
    const std::lock_guard lock(m_mutex);
    m_zones = std::make_shared<ZoneSet>(std::move(zones));
}

void ServerState::setScript(ServerScript script) {
    std::map<std::string, Behaviour> byKey;
    for (auto& [text, behaviour] : script.byName)
        if (const auto name = Name::fromText(text))
            byKey.emplace(name->key(), std::move(behaviour));
    script.byName = std::move(byKey);
    const std::lock_guard lock(m_mutex);
    m_script = std::make_shared<ServerScript>(std::move(script));
    m_uses.clear();
}

void ServerState::setResponder(Responder responder) {
    const std::lock_guard lock(m_mutex);
    m_responder = std::move(responder);
}

Identity ServerState::identity() const {
    const std::lock_guard lock(m_mutex);
    return m_identity;
}

std::shared_ptr<const ZoneSet> ServerState::zones() const {
    const std::lock_guard lock(m_mutex);
    return m_zones;
}

std::shared_ptr<const ServerScript> ServerState::script() const {
    const std::lock_guard lock(m_mutex);
    return m_script;
}

Responder ServerState::responder() const {
    const std::lock_guard lock(m_mutex);
    return m_responder;
}

Behaviour ServerState::takeBehaviour(const Name& name) {
    const std::lock_guard lock(m_mutex);
    const auto own = m_script->byName.find(name.key());
    const bool isOwn = own != m_script->byName.end();
    const Behaviour& behaviour = isOwn ? own->second : m_script->behaviour;
    if (behaviour.times == 0 && behaviour.every <= 1)
        return behaviour;
    const unsigned use = ++m_uses[isOwn ? own->first : std::string()];
    const bool isMeant = (behaviour.times == 0 || use <= behaviour.times) &&
                         (behaviour.every <= 1 || use % behaviour.every == 0);
    return isMeant ? behaviour : Behaviour{};
}

std::array<unsigned char, 80> ServerState::ticketKeys() const {
    const std::lock_guard lock(m_mutex);
    return m_ticketKeys;
}

void ServerState::changeTicketKeys() {
    const std::lock_guard lock(m_mutex);
    RAND_bytes(m_ticketKeys.data(), static_cast<int>(m_ticketKeys.size()));
}

bool ServerState::noteTicket(const std::string& ticket) {
    const std::lock_guard lock(m_mutex);
    return m_keepsRecords && !m_tickets.insert(ticket).second;
}

std::uint64_t ServerState::noteAccepted(SeenConnection connection) {
    const std::lock_guard lock(m_mutex);
    const std::uint64_t id = ++m_lastConnection;
    if (m_keepsRecords) {
        connection.id = id;
        connection.acceptedAt = TestClock::now();
        m_seen.connections.push_back(std::move(connection));
        m_changed.notify_all();
    }
    return id;
}

void ServerState::noteConnection(std::uint64_t id,
                                 const std::function<void(SeenConnection&)>& change) {
    const std::lock_guard lock(m_mutex);
    const auto found =
        std::find_if(m_seen.connections.begin(), m_seen.connections.end(),
                     [id](const SeenConnection& connection) { return connection.id == id; });
    if (found == m_seen.connections.end())
        return;
    change(*found);
    m_changed.notify_all();
}

void ServerState::noteQuery(const SeenQuery& query) {
    const std::lock_guard lock(m_mutex);
    if (!m_keepsRecords)
        return;
    m_seen.queries.push_back(query);
    m_changed.notify_all();
}

Observations ServerState::snapshot() const {
    const std::lock_guard lock(m_mutex);
    return m_seen;
}

void ServerState::forget() {
    const std::lock_guard lock(m_mutex);
    m_seen.queries.clear();
    std::erase_if(m_seen.connections,
                  [](const SeenConnection& connection) { return !connection.open; });
}

bool ServerState::waitFor(const std::function<bool(const Observations&)>& predicate,
                          std::chrono::milliseconds timeout) const {
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, timeout, [&] { return predicate(m_seen); });
}

} // namespace sotto::test
