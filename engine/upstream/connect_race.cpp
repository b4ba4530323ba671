// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/connect_race.h"

#include "observe/clocks.h"
#include "upstream/patience.h"
#include "upstream/telling_outcome.h"

#include <algorithm>

namespace sotto::engine {

ConnectRace::ConnectRace(asio::io_context& context, std::vector<IpAddress> addresses, bool insists,
                         Hooks hooks)
    : m_timer(context)
    , m_addresses(std::move(addresses))
    , m_insists(insists)
    , m_hooks(std::move(hooks)) {}

void ConnectRace::start() {
    tryNext();
}

void ConnectRace::add(const std::vector<IpAddress>& addresses) {
    m_next = std::min(m_next, m_addresses.size());
    std::size_t at = m_next;
    for (const IpAddress& address : addresses) {
        if (std::find(m_addresses.begin(), m_addresses.end(), address) == m_addresses.end())
            m_addresses.insert(m_addresses.begin() + static_cast<std::ptrdiff_t>(at++), address);
    }
    if (at > m_next && !m_over)
        tryNext();
}

void ConnectRace::tryNext() {
    m_timer.cancel();
    m_armed = false;
    if (m_attempts.size() >= kMaxAttempts) { // the oldest goes, but none that took queries
        const auto oldest = std::find_if(m_attempts.begin(), m_attempts.end(),
                                         [](const auto& attempt) { return attempt->isIdle(); });
        if (oldest == m_attempts.end())
            return;
        (*oldest)->close();
        m_attempts.erase(oldest);
    }
    m_attempts.push_back(m_hooks.make(*this, m_addresses[m_next++ % m_addresses.size()]));
    if (m_next < m_addresses.size() || m_insists)
        armTimer();
}

void ConnectRace::armTimer() {
    m_armed = true;
    m_timer.expires_after(m_next < m_addresses.size() ? kAttemptDelay : kInsistDelay);
    m_timer.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (cancelled || self->m_over)
            return;
        self->m_armed = false;
        if (self->m_next < self->m_addresses.size())
            self->tryNext();
        else if (self->isWanted())
            self->shakesHands() ? self->armTimer() : self->tryNext();
    });
}

/// Somebody waits for the connection.
bool ConnectRace::isWanted() const {
    return m_hooks.isWanted() ||
           std::any_of(m_attempts.begin(), m_attempts.end(),
                       [](const auto& attempt) { return !attempt->isIdle(); });
}

/// A server is there, and its handshake may still be on its way.
bool ConnectRace::shakesHands() const {
    const std::int64_t since =
        monotonicMicros() - std::chrono::microseconds(patience::kHandshakeAlone).count();
    return std::any_of(m_attempts.begin(), m_attempts.end(), [&](const auto& attempt) {
        return attempt->channel().heardSince() > since;
    });
}

void ConnectRace::insist() {
    if (m_insists && !m_armed && !m_over)
        armTimer();
}

std::vector<PendingQuery*> ConnectRace::close() {
    m_over = true;
    m_timer.cancel();
    std::vector<PendingQuery*> early;
    for (const auto& attempt : std::exchange(m_attempts, {})) {
        const auto taken = attempt->takeBack();
        early.insert(early.end(), taken.begin(), taken.end());
        attempt->close();
    }
    return early;
}

void ConnectRace::connectionTakesEarlyData(DotConnection& connection, std::size_t octets) {
    m_hooks.takesEarlyData(connection, octets);
}

void ConnectRace::connectionOpened(DotConnection& connection) {
    const auto self = shared_from_this();
    const auto winner =
        std::find_if(m_attempts.begin(), m_attempts.end(),
                     [&](const auto& attempt) { return attempt.get() == &connection; });
    auto won = *winner;
    m_attempts.erase(winner);
    auto early = close();
    m_hooks.won(std::move(won), std::move(early));
}

void ConnectRace::connectionGotSession(DotConnection& connection, SSL_SESSION* session) {
    m_hooks.gotSession(connection, session);
}

void ConnectRace::connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                                   const std::string& reason) {
    const auto self = shared_from_this();
    if (m_over)
        return;
    std::erase_if(m_attempts, [&](const auto& attempt) { return attempt.get() == &connection; });
    m_hooks.attemptFailed(connection);
    if (weightOf(outcome) >= weightOf(m_outcome)) {
        m_outcome = outcome;
        m_reason = reason;
    }
    if (m_next < m_addresses.size())
        return tryNext();
    if (!m_attempts.empty())
        return;
    m_over = true;
    m_timer.cancel();
    m_hooks.lost(m_outcome, m_reason);
}

void ConnectRace::queriesSent(std::size_t count) {
    m_hooks.queriesSent(count);
}

} // namespace sotto::engine
