// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream.h"

#include "observe/clocks.h"
#include "upstream/certificate_verdict.h"

#include <utility>

/// How an upstream comes by its connections.
namespace sotto::engine {

namespace {

constexpr std::int64_t kSecond = 1'000'000;

} // namespace

void Upstream::connect() {
    m_lastTry = monotonicMicros();
    m_sleepMark.set(bootMicros(), m_lastTry);
    m_health.noteTry(m_lastTry);
    if (m_addresses.wantsLookUp(bootMicros()))
        lookUp();
    // What is known is tried meanwhile: mostly it still holds.
    if (m_addresses.known().empty())
        m_awaitsAddresses = true;
    else
        race(m_addresses.order());
    m_surroundings.changed();
}

void Upstream::lookUp() {
    m_addresses.lookUp(m_surroundings.lookUp, m_config.tlsName, m_id,
                       [this, before = m_addresses.known()](const std::string& error) {
                           addressesCame(error, m_addresses.known() != before);
                       });
}

void Upstream::addressesCame(const std::string& error, bool areOthers) {
    if (m_race)
        return m_race->add(m_addresses.order());
    if (!std::exchange(m_awaitsAddresses, false))
        return;
    if (m_addresses.known().empty())
        connectFailed(AttemptOutcome::NameNotFound, error);
    else if (areOthers)
        race(m_addresses.order());
    else
        ledNowhere(m_lostOutcome, m_lostReason);
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
    options.fastOpen =
        m_forward.tcpFastOpen && !m_surroundings.sessions.learnt(m_sessionKey).refusesFastOpen;
    options.mayUseEarlyData = [this] {
        return m_forward.earlyData &&
               !m_surroundings.sessions.learnt(m_sessionKey).refusesEarlyData;
    };
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
    if (!m_health.hasFailed())
        m_lastError.clear();
    connectForWaiting();
    m_surroundings.changed();
}

/// For those that share their connection with nobody, and only one of which has the new one.
void Upstream::connectForWaiting() {
    if (m_waiting.empty())
        return;
    if (m_health.mayConnect(monotonicMicros()))
        return connect();
    m_pauseTimer.expires_after(std::chrono::microseconds(Health::kLongestWhenAsked));
    m_pauseTimer.async_wait([weak = weak_from_this()](const asio::error_code& cancelled) {
        const auto self = weak.lock();
        if (!cancelled && self)
            self->connectAfterPause();
    });
}

void Upstream::connectAfterPause() {
    if (m_waiting.empty() || isConnecting())
        return;
    if (m_active)
        return connect();
    for (PendingQuery* query : std::exchange(m_waiting, {}))
        refuseLater(*query);
}

void Upstream::noteRejections(const TlsChannel::Facts& facts) {
    if (facts.earlyDataRejected || facts.fastOpenRejected)
        m_surroundings.sessions.learnRefusals(m_sessionKey, facts.earlyDataRejected,
                                              facts.fastOpenRejected);
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
    if (m_addresses.isLookingUp()) {
        m_awaitsAddresses = true;
        m_lostOutcome = outcome;
        m_lostReason = reason;
        return;
    }
    ledNowhere(outcome, reason);
}

void Upstream::ledNowhere(AttemptOutcome outcome, const std::string& reason) {
    if (outcome != AttemptOutcome::SystemFailure)
        m_addresses.noteLedNowhere();
    connectFailed(outcome, reason);
}

void Upstream::connectFailed(AttemptOutcome outcome, const std::string& reason) {
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

void Upstream::connectionGotSession(DotConnection&, SSL_SESSION* session) {
    m_surroundings.sessions.put(m_sessionKey, session, unixMicros() / kSecond);
}

} // namespace sotto::engine
