// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream.h"

#include "observe/clocks.h"

#include <asio/post.hpp>

#include <algorithm>
#include <cstring>

namespace sotto::engine {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
/// A connection on which nothing came for so long may have been forgotten by the network.
constexpr std::int64_t kQuietAfter = 10 * kSecond;
/// Queries that may wait for a connection of their own.
constexpr std::size_t kMaxAlone = 64;

/// FNV-1a over what makes it this server.
std::uint64_t identityOf(const UpstreamConfig& config) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&](std::uint8_t octet) { hash = (hash ^ octet) * 0x100000001b3; };
    for (const char c : config.tlsName)
        add(static_cast<std::uint8_t>(c));
    for (const IpAddress& address : config.addresses) {
        for (const std::uint8_t octet : address.octets)
            add(octet);
    }
    add(static_cast<std::uint8_t>(config.port >> 8));
    add(static_cast<std::uint8_t>(config.port));
    return hash;
}

} // namespace

Upstream::Upstream(Surroundings& surroundings, std::uint32_t id, UpstreamConfig config,
                   const ForwardConfig& forward, std::shared_ptr<TlsContext> tls)
    : m_surroundings(surroundings)
    , m_id(id)
    , m_config(std::move(config))
    , m_tls(std::move(tls))
    , m_identity(identityOf(m_config))
    , m_addresses(m_config)
    , m_pauseTimer(surroundings.context)
    , m_health(forward) {
    if (m_config.isEncrypted()) {
        m_sessionKey = sessionKeyOf(m_config);
        const SessionStore::Learnt learnt = m_surroundings.sessions.learnt(m_sessionKey);
        m_idleLimit.setLearnt(std::int64_t{learnt.idleMillis} * 1000);
    } else {
        m_plain = std::make_unique<PlainServer>(
            m_surroundings.context, m_config,
            PlainServer::Hooks{[this](std::size_t count) { queriesSent(count); },
                               [this](AttemptOutcome outcome, const std::string& reason) {
                                   noteBadAnswer(outcome, reason);
                               }});
    }
    setForward(forward);
}

Upstream::~Upstream() {
    close();
}

void Upstream::close() {
    m_pauseTimer.cancel();
    if (m_race)
        std::exchange(m_race, nullptr)->close();
    for (const auto* list : {&m_open, &m_retired}) {
        for (const auto& connection : *list)
            connection->close();
    }
    m_open.clear();
    m_retired.clear();
    for (auto* list : {&m_waiting, &m_refused}) {
        for (PendingQuery* query : std::exchange(*list, {}))
            query->m_holder = nullptr;
    }
    if (m_plain)
        m_plain->close();
    m_probe.reset(); // last: where it was pending its connection would tell us
}

void Upstream::setForward(const ForwardConfig& forward) {
    const bool speaksOtherwise = forward.clientSubnet != m_forward.clientSubnet ||
                                 forward.sourceAddressV4 != m_forward.sourceAddressV4 ||
                                 forward.sourceAddressV6 != m_forward.sourceAddressV6;
    m_forward = forward;
    if (speaksOtherwise)
        retireConnections();
    m_health.configure(forward);
    m_idleLimit.configure(forward.expire);
    if (m_plain)
        m_plain->setForward(forward);
}

void Upstream::setActive(bool active) {
    m_active = active;
}

void Upstream::ask(PendingQuery& query) {
    const std::int64_t now = monotonicMicros();
    query.way = {};
    query.way.askedAt = now;
    if (m_plain)
        return m_plain->ask(query);
    leaveUnusable(now);
    query.alone = query.alone && m_waiting.size() < kMaxAlone;
    DotConnection* connection = query.alone ? nullptr : choose(now);
    if (connection)
        return send(*connection, query, now);
    if (!isConnecting() && m_active && m_health.mayConnect(now))
        connect();
    if (!isConnecting())
        return refuseLater(query);
    addWaiting(query);
    if (m_addresses.wantsLookUp(bootMicros()))
        lookUp(); // as long as somebody waits, connecting may go on and on
    if (m_race)
        m_race->insist();
}

bool Upstream::isQuiet(const DotConnection& connection, std::int64_t now) {
    return now - std::max(connection.lastReceived(), connection.openedAt()) > kQuietAfter;
}

void Upstream::send(DotConnection& connection, PendingQuery& query, std::int64_t now) {
    query.way.quiet = isQuiet(connection, now);
    m_idleLimit.noteStillOpen(connection.isIdle() ? now - connection.lastActive() : 0);
    connection.send(query);
}

/// The open connection with the fewest queries in flight, or the first that is not busy, so that
/// many queries leave together; where all are busy, another one is made for those to come.
DotConnection* Upstream::choose(std::int64_t now) {
    DotConnection* best = nullptr;
    for (const auto& connection : m_open) {
        if (connection->isFull())
            continue;
        if (!best || connection->inFlight() < best->inFlight())
            best = connection.get();
        if (connection->inFlight() < kBusy)
            return connection.get();
    }
    if (best && m_open.size() < m_forward.maxConnections && !isConnecting() && m_active &&
        m_health.mayConnect(now))
        connect();
    return best;
}

/// Connections that are too old, idle for too long, or from before the computer slept are not used
/// again, nor is what began before that.
void Upstream::leaveUnusable(std::int64_t now) {
    const std::int64_t maxAge = std::chrono::microseconds(m_forward.maxAge).count();
    const std::int64_t idleLimit = m_idleLimit.micros();
    const std::int64_t boot = bootMicros();
    for (std::size_t i = m_open.size(); i-- > 0;) {
        const DotConnection& connection = *m_open[i];
        const bool isOld = maxAge != 0 && now - connection.openedAt() >= maxAge;
        const bool idledOut = connection.isIdle() && (idleLimit != 0 || m_idleLimit.isTold()) &&
                              now - connection.lastActive() >= idleLimit;
        if (isOld || connection.isFull() || idledOut || connection.hasSlept(boot, now)) {
            m_idleLimit.noteStillOpen(now - connection.lastActive());
            retire(i);
        }
    }
    if (isConnecting() && m_sleepMark.hasSlept(boot, now))
        leaveConnecting();
}

void Upstream::addWaiting(PendingQuery& query) {
    query.m_holder = this;
    query.m_slot = m_waiting.size();
    query.way.waited = true;
    m_waiting.push_back(&query);
}

/// Tells the query after the call that asked.
void Upstream::refuseLater(PendingQuery& query) {
    query.m_holder = this;
    query.m_slot = m_refused.size();
    m_refused.push_back(&query);
    if (m_refused.size() > 1)
        return;
    asio::post(m_surroundings.context, [self = shared_from_this()] {
        auto refused = std::exchange(self->m_refused, {});
        const std::string reason =
            self->m_active ? self->m_lastError : "this provider is no longer in use";
        const AttemptOutcome outcome =
            self->m_lastError.empty() ? AttemptOutcome::Held : self->m_lastOutcome;
        PendingQuery::replyToAll(std::move(refused),
                                 {UpstreamReply::Kind::NotSent, {}, outcome, reason});
    });
}

void Upstream::release(PendingQuery& query) {
    for (auto* list : {&m_waiting, &m_refused}) {
        if (query.m_slot >= list->size() || (*list)[query.m_slot] != &query)
            continue;
        (*list)[query.m_slot] = list->back();
        (*list)[query.m_slot]->m_slot = query.m_slot;
        list->pop_back();
        return;
    }
}

void Upstream::retire(std::size_t index) {
    auto connection = m_open[index];
    m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(index));
    if (connection->isIdle())
        connection->close();
    else
        m_retired.push_back(std::move(connection));
    m_surroundings.changed();
}

void Upstream::retireAll() {
    while (!m_open.empty())
        retire(m_open.size() - 1);
}

void Upstream::retireConnections() {
    retireAll();
    m_addresses.noteOtherNetwork();
    leaveConnecting();
}

/// What began on a network that is left, or before the computer slept, is begun anew for those who
/// wait.
void Upstream::leaveConnecting() {
    if (!m_active && !m_waiting.empty())
        return; // it would not be begun again
    m_addresses.abandonLookUp();
    m_awaitsAddresses = false;
    if (m_race) {
        for (PendingQuery* query : std::exchange(m_race, nullptr)->close())
            addWaiting(*query);
    }
    if (!m_waiting.empty())
        connect();
}

void Upstream::connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                                const std::string& reason) {
    const auto isIt = [&](const auto& held) { return held.get() == &connection; };
    const bool retired = std::erase_if(m_retired, isIt) != 0;
    std::erase_if(m_open, isIt);
    if (!connection.isIdle() && connection.lastAnswered() == 0)
        m_health.noteFruitlessConnection();
    if (retired && outcome != AttemptOutcome::BadAnswer)
        return;
    if (outcome != AttemptOutcome::BadAnswer &&
        (connection.isIdle() || connection.lastAnswered() != 0)) {
        learn(connection); // servers close connections: no fault of theirs
        m_surroundings.changed();
        return;
    }
    m_health.noteFailure(monotonicMicros());
    noteError(outcome, outcome == AttemptOutcome::BadAnswer
                           ? reason
                           : "the connection ended without an answer: " + reason);
}

void Upstream::learn(const DotConnection& connection) {
    if (!connection.isIdle())
        return;
    m_idleLimit.noteClosed(monotonicMicros() - connection.lastActive());
    m_surroundings.sessions.learnIdleMillis(
        m_sessionKey, static_cast<std::uint32_t>(m_idleLimit.learnt() / 1000));
}

void Upstream::connectionDistrusted(DotConnection& connection) {
    for (std::size_t i = 0; i < m_open.size(); ++i) {
        if (m_open[i].get() == &connection)
            return retire(i);
    }
}

void Upstream::connectionIdle(DotConnection& connection) {
    const auto isIt = [&](const auto& held) { return held.get() == &connection; };
    const auto open = std::find_if(m_open.begin(), m_open.end(), isIt);
    if (open != m_open.end() && m_idleLimit.wantsClose()) {
        m_retired.push_back(*open);
        m_open.erase(open);
    }
    const auto found = std::find_if(m_retired.begin(), m_retired.end(), isIt);
    if (found == m_retired.end())
        return;
    // We may be inside the connection's own call. Until it is closed it may still tell us things,
    // even when we have left the configuration and nobody else holds us.
    asio::post(m_surroundings.context,
               [self = shared_from_this(), gone = *found] { gone->close(); });
    m_retired.erase(found);
}

void Upstream::queriesSent(std::size_t count) {
    m_queries += count;
    m_surroundings.queriesSent(count);
}

} // namespace sotto::engine
