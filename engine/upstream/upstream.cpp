// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream.h"

#include "observe/clocks.h"
#include "upstream/certificate_verdict.h"

#include <asio/post.hpp>

#include <algorithm>
#include <cstring>

namespace sotto::engine {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
/// A connection on which nothing came for so long may have been forgotten by the network.
constexpr std::int64_t kQuietAfter = 10 * kSecond;
/// How far the boot clock may run ahead before the machine counts as having slept.
constexpr std::int64_t kSleepTolerance = kSecond;
/// So many queries unanswered on a connection on which nothing comes are no slow names.
constexpr std::size_t kHungAt = 3;
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
    , m_health(forward) {
    if (m_config.isEncrypted()) {
        m_sessionKey = sessionKeyOf(m_config);
        m_learnt = m_surroundings.sessions.learnt(m_sessionKey);
        m_idleLimit.setLearnt(std::int64_t{m_learnt.idleMillis} * 1000);
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
    if (m_race)
        m_race->insist();
}

void Upstream::send(DotConnection& connection, PendingQuery& query, std::int64_t now) {
    query.way.quiet =
        now - std::max(connection.lastReceived(), connection.openedAt()) > kQuietAfter;
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

/// Connections that are too old, or idle for too long, are not used again.
void Upstream::leaveUnusable(std::int64_t now) {
    const std::int64_t maxAge = std::chrono::microseconds(m_forward.maxAge).count();
    const std::int64_t idleLimit = m_idleLimit.micros();
    const bool slept = bootMicros() - now - m_sleepOffset > kSleepTolerance;
    for (std::size_t i = m_open.size(); i-- > 0;) {
        const DotConnection& connection = *m_open[i];
        const bool isOld = maxAge != 0 && now - connection.openedAt() >= maxAge;
        const bool idledOut = connection.isIdle() && (idleLimit != 0 || m_idleLimit.isTold()) &&
                              now - connection.lastActive() >= idleLimit;
        if (isOld || connection.isFull() || idledOut || (slept && connection.isIdle())) {
            m_idleLimit.noteStillOpen(now - connection.lastActive());
            retire(i);
        }
    }
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

void Upstream::connect() {
    m_lastTry = monotonicMicros();
    m_sleepOffset = bootMicros() - m_lastTry;
    m_health.noteTry(m_lastTry);
    m_learnt = m_surroundings.sessions.learnt(m_sessionKey);
    if (m_addresses.isFresh(m_lastTry)) {
        race(m_addresses.order());
    } else {
        m_addresses.lookUp(m_surroundings.lookUp, m_config.tlsName, m_id,
                           [this](const std::string& error) {
                               if (m_addresses.known().empty())
                                   raceLost(AttemptOutcome::NameNotFound, error);
                               else
                                   race(m_addresses.order());
                           });
    }
    m_surroundings.changed();
}

void Upstream::race(const std::vector<IpAddress>& addresses) {
    ConnectRace::Hooks hooks;
    hooks.make = [this](DotConnection::Owner& owner, const IpAddress& address) {
        return makeConnection(owner, address);
    };
    hooks.takesEarlyData = [this](DotConnection& connection, std::size_t octets) {
        connectionTakesEarlyData(connection, octets);
    };
    hooks.gotSession = [this](DotConnection& connection, SSL_SESSION* session) {
        connectionGotSession(connection, session);
    };
    hooks.attemptFailed = [this](const DotConnection& connection) {
        m_addresses.noteFailed(connection.channel().endpoint().address);
        noteRejections(connection.channel().facts());
    };
    hooks.won = [this](std::shared_ptr<DotConnection> connection,
                       const std::vector<PendingQuery*>& early) {
        raceWon(std::move(connection), early);
    };
    hooks.lost = [this](AttemptOutcome outcome, const std::string& reason) {
        raceLost(outcome, reason);
    };
    hooks.queriesSent = [this](std::size_t count) { queriesSent(count); };
    hooks.isWanted = [this] { return !m_waiting.empty(); };
    m_race = std::make_shared<ConnectRace>(m_surroundings.context, addresses, m_health.hasFailed(),
                                           std::move(hooks));
    m_race->start();
}

std::shared_ptr<DotConnection> Upstream::makeConnection(DotConnection::Owner& owner,
                                                        const IpAddress& address) {
    UpstreamQueryOptions options;
    if (m_forward.clientSubnet.mode == ClientSubnet::Mode::Fixed)
        options.subnet = m_forward.clientSubnet;
    auto connection = std::make_shared<DotConnection>(m_surroundings.context, owner, options);
    connection->open({address, m_config.port}, m_config, m_tls, channelOptions(address));
    return connection;
}

TlsChannel::Options Upstream::channelOptions(const IpAddress& address) {
    TlsChannel::Options options;
    options.source = address.isV6 ? m_forward.sourceAddressV6 : m_forward.sourceAddressV4;
    options.fastOpen = m_forward.tcpFastOpen && !m_learnt.refusesFastOpen;
    options.earlyData = m_forward.earlyData && !m_learnt.refusesEarlyData;
    options.takeSession = [this, address] {
        const std::int64_t now = unixMicros() / kSecond;
        auto session = m_surroundings.sessions.take(m_sessionKey, now);
        if (session && !mayResume(session.get(), m_config, address, now))
            session.reset();
        return session;
    };
    return options;
}

void Upstream::connectionTakesEarlyData(DotConnection& connection, std::size_t octets) {
    // A query with the longest name and padding is no longer than this.
    constexpr std::size_t kLongest = 512;
    for (std::size_t room = octets; !m_waiting.empty() && room >= kLongest; room -= kLongest) {
        PendingQuery* query = m_waiting.back();
        if (query->alone)
            break;
        m_waiting.pop_back();
        connection.send(*query);
    }
}

void Upstream::raceWon(std::shared_ptr<DotConnection> connection,
                       const std::vector<PendingQuery*>& early) {
    m_race = nullptr;
    connection->setOwner(*this);
    auto queries = takeForOne(early);
    const bool isShared = m_active && (queries.empty() || !queries.front()->alone);
    (isShared ? m_open : m_retired).push_back(connection);
    m_facts = connection->channel().facts();
    m_address = connection->channel().endpoint().address;
    m_addresses.noteWorked(*m_address);
    m_health.noteConnected();
    ++m_connections;
    m_resumed += m_facts.resumed ? 1 : 0;
    m_warning = warningOnExpiry(m_facts.certificateFromUnix, m_facts.certificateExpiresUnix,
                                unixMicros() / kSecond);
    noteRejections(m_facts);
    for (PendingQuery* query : queries)
        connection->send(*query);
    if (!isShared && connection->isIdle())
        connectionIdle(*connection);
    if (!m_waiting.empty())
        connect();
    if (!m_health.hasFailed())
        m_lastError.clear();
    m_surroundings.changed();
}

void Upstream::noteRejections(const TlsChannel::Facts& facts) {
    if (!facts.earlyDataRejected && !facts.fastOpenRejected)
        return;
    m_learnt.refusesEarlyData |= facts.earlyDataRejected;
    m_learnt.refusesFastOpen |= facts.fastOpenRejected;
    m_surroundings.sessions.setLearnt(m_sessionKey, m_learnt);
}

/// Of those that wait the ones for one connection: all that share it, or one that does not.
std::vector<PendingQuery*> Upstream::takeForOne(const std::vector<PendingQuery*>& early) {
    std::vector<PendingQuery*> taken = early;
    for (PendingQuery* query : std::exchange(m_waiting, {})) {
        if (query->alone)
            addWaiting(*query);
        else
            taken.push_back(query);
    }
    if (taken.empty() && !m_waiting.empty()) {
        taken.push_back(m_waiting.back());
        m_waiting.pop_back();
    }
    return taken;
}

void Upstream::raceLost(AttemptOutcome outcome, const std::string& reason) {
    m_race = nullptr;
    m_health.noteConnectFailure(monotonicMicros());
    noteError(outcome, reason);
    PendingQuery::replyToAll(std::exchange(m_waiting, {}),
                             {UpstreamReply::Kind::NotSent, {}, outcome, reason});
}

void Upstream::prepare() {
    const std::int64_t now = monotonicMicros();
    if (m_plain)
        return;
    leaveUnusable(now);
    if (m_open.empty() && !isConnecting() && m_health.mayConnect(now))
        connect();
}

void Upstream::probeIfDue(bool isUrgent) {
    if (!m_active || m_probe || !isFailing() || !m_health.isDue(monotonicMicros(), isUrgent))
        return;
    m_health.noteTry(monotonicMicros());
    m_probe = std::make_unique<HealthProbe>(
        m_surroundings.context, m_forward.healthCheck,
        [this](AttemptOutcome outcome, std::string why) {
            // The probe is inside its own call.
            asio::post(m_surroundings.context, [probe = std::shared_ptr(std::move(m_probe))] {});
            if (outcome == AttemptOutcome::Answered) {
                m_health.noteAnswer();
                m_lastError.clear();
                m_surroundings.changed();
            } else if (outcome == AttemptOutcome::Silent) {
                retireConnections();
                m_health.noteStall(monotonicMicros(), true);
                noteError(outcome, why);
            }
        });
    ask(*m_probe);
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

void Upstream::retireConnections() {
    while (!m_open.empty())
        retire(m_open.size() - 1);
    m_addresses.forgetFailures();
    if (!m_race || (!m_active && !m_waiting.empty()))
        return;
    // It was begun on the network that is left.
    for (PendingQuery* query : std::exchange(m_race, nullptr)->close())
        addWaiting(*query);
    if (!m_waiting.empty())
        connect();
}

bool Upstream::isSilent(const PendingQuery& query) const {
    const auto* connection = dynamic_cast<const DotConnection*>(query.m_holder);
    return connection && connection->isOpen() && query.way.sentAt != 0 &&
           connection->lastReceived() < query.way.sentAt;
}

bool Upstream::looksHung(const PendingQuery& query) const {
    return isSilent(query) &&
           dynamic_cast<const DotConnection*>(query.m_holder)->inFlight() >= kHungAt;
}

bool Upstream::noteSilence(const PendingQuery& query) {
    const std::int64_t now = monotonicMicros();
    const auto* connection = dynamic_cast<const DotConnection*>(query.m_holder);
    if (connection && connection->isOpen() &&
        connection->lastReceived() >= std::max(query.way.sentAt, query.way.askedAt))
        return false; // other queries are answered: it is this name that is slow
    const auto held = std::find_if(m_open.begin(), m_open.end(),
                                   [&](const auto& one) { return one.get() == connection; });
    const bool current = held != m_open.end();
    if (current)
        retire(static_cast<std::size_t>(held - m_open.begin()));
    if (current && query.way.quiet)
        return true;
    if (current)
        m_addresses.noteFailed(connection->channel().endpoint().address);
    const bool certain = query.way.sentAt == 0 || (current && connection->inFlight() > 1);
    if (current || !m_health.isSuspect())
        m_health.noteStall(now, certain);
    noteError(AttemptOutcome::Silent,
              query.way.sentAt != 0
                  ? "connected, but queries are not answered"
                  : "no answer on port " + std::to_string(m_config.port) + " so far");
    return false;
}

void Upstream::noteAnswer(const PendingQuery& query, const UpstreamResponse& response) {
    const std::int64_t now = monotonicMicros();
    ++m_answers;
    if (query.way.use != ConnectionUse::EarlyData && query.way.sentAt != 0) {
        const auto took = static_cast<double>(now - query.way.sentAt);
        m_smoothedRtt = m_smoothedRtt == 0 ? took : m_smoothedRtt * 7 / 8 + took / 8;
        m_medianRtt.add(took);
    }
    if (response.keepaliveTenths)
        m_idleLimit.noteKeepalive(std::int64_t{*response.keepaliveTenths} * kSecond / 10);
    const bool wasTrouble = m_health.hasFailed() || !m_lastError.empty();
    m_health.noteAnswer();
    if (!wasTrouble)
        return;
    m_lastError.clear();
    m_surroundings.changed();
}

void Upstream::noteBadAnswer(AttemptOutcome outcome, const std::string& reason) {
    m_health.noteFailure(monotonicMicros());
    noteError(outcome, reason);
}

void Upstream::noteAlive() {
    m_health.noteAnswer();
}

void Upstream::forgetTrouble() {
    m_health.forget();
}

void Upstream::noteError(AttemptOutcome outcome, const std::string& reason) {
    ++m_failures;
    m_lastError = reason;
    m_lastOutcome = outcome;
    m_lastErrorUnix = unixMicros() / kSecond;
    m_surroundings.changed();
}

void Upstream::connectionGotSession(DotConnection&, SSL_SESSION* session) {
    m_surroundings.sessions.put(m_sessionKey, session, unixMicros() / kSecond);
}

void Upstream::connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                                const std::string& reason) {
    const auto isIt = [&](const auto& held) { return held.get() == &connection; };
    const bool retired = std::erase_if(m_retired, isIt) != 0;
    std::erase_if(m_open, isIt);
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
    m_learnt.idleMillis = static_cast<std::uint32_t>(m_idleLimit.learnt() / 1000);
    m_surroundings.sessions.setLearnt(m_sessionKey, m_learnt);
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

UpstreamStatus Upstream::status() const {
    UpstreamStatus status;
    status.id = m_id;
    status.config = m_config;
    status.config.caPem.clear();
    status.config.clientCertificatePem.clear();
    status.config.clientKeyPem.clear();
    if (isDown() || m_health.hangs() || (m_health.cannotConnect() && !hasUsableConnection()))
        status.state = UpstreamStatus::State::Failing;
    else if (hasUsableConnection())
        status.state = UpstreamStatus::State::Ready;
    else if (isConnecting())
        status.state = UpstreamStatus::State::Connecting;
    if (!m_addresses.isConfigured())
        status.resolvedAddresses = m_addresses.known();
    status.resolvedUnencrypted = m_addresses.wasUnencrypted();
    status.address = m_address;
    status.tlsVersion = m_facts.tlsVersion;
    status.cipher = m_facts.cipher;
    status.resumed = m_facts.resumed;
    status.earlyData = m_facts.earlyDataAccepted;
    status.certificateExpiresUnixSeconds = m_facts.certificateExpiresUnix;
    status.openConnections = static_cast<unsigned>(m_open.size());
    for (const auto* list : {&m_open, &m_retired}) {
        for (const auto& connection : *list)
            status.inFlight += static_cast<unsigned>(connection->inFlight());
    }
    status.idleLimitSeconds = static_cast<double>(m_idleLimit.micros()) / kSecond;
    status.smoothedRttMillis = m_smoothedRtt / 1000;
    status.medianRttMillis = m_medianRtt.micros() / 1000;
    status.connections = m_connections;
    status.resumedConnections = m_resumed;
    status.queries = m_queries;
    status.answers = m_answers;
    status.failures = m_failures;
    status.lastError = m_lastError;
    status.lastOutcome = m_lastOutcome;
    status.lastErrorUnixSeconds = m_lastErrorUnix;
    status.warning = m_warning;
    return status;
}

} // namespace sotto::engine
