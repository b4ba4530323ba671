// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream.h"

#include "observe/clocks.h"

#include <asio/post.hpp>

#include <algorithm>

/// What is held for and against an upstream, and what is told of it.
namespace sotto::engine {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
/// So many names unanswered on a connection on which nothing comes are no slow names.
constexpr std::size_t kHungAt = 3;
/// An answer may take so many times as long as usual.
constexpr double kMuchLonger = 4;

const DotConnection* connectionOf(const PendingQuery& query, const PendingQuery::Holder* holder) {
    return query.way.sentAt != 0 ? dynamic_cast<const DotConnection*>(holder) : nullptr;
}

} // namespace

bool Upstream::isInUse(const DotConnection* connection) const {
    return std::ranges::any_of(m_open, [&](const auto& one) { return one.get() == connection; });
}

std::int64_t Upstream::patienceMicros(std::chrono::milliseconds least) const {
    // The median: a few slow names make no slow server.
    const double usual = m_medianRtt.micros() != 0 ? m_medianRtt.micros() : m_facts.connectMicros;
    return std::max<std::int64_t>(std::chrono::microseconds(least).count(),
                                  static_cast<std::int64_t>(kMuchLonger * usual));
}

bool Upstream::isSilent(const PendingQuery& query) const {
    const auto* connection = connectionOf(query, query.m_holder);
    return connection && connection->isOpen() && connection->lastReceived() < query.way.sentAt;
}

bool Upstream::looksHung(const PendingQuery& query) const {
    const auto* connection = connectionOf(query, query.m_holder);
    return isSilent(query) && (!isInUse(connection) || connection->hasNamesInFlight(kHungAt));
}

Upstream::Silence Upstream::noteSilence(const PendingQuery& query) {
    const std::int64_t now = monotonicMicros();
    const auto* connection = connectionOf(query, query.m_holder);
    if (!connection || !connection->isOpen()) {
        if (!m_health.hasStalled())
            m_health.noteStall(now, false);
        noteError(AttemptOutcome::Silent,
                  m_plain ? "queries are not answered"
                          : "no answer on port " + std::to_string(m_config.port) + " so far");
        return Silence::Slow;
    }
    if (!isSilent(query))
        return Silence::Slow; // other queries are answered: it is this name that is slow
    const auto held =
        std::ranges::find_if(m_open, [&](const auto& one) { return one.get() == connection; });
    if (held == m_open.end()) // for what another query found, or as the network changed
        return query.way.quiet ? Silence::Forgotten : Silence::Left;
    retire(static_cast<std::size_t>(held - m_open.begin()));
    if (query.way.quiet) {
        // So may the others be on which nothing came for as long.
        for (std::size_t i = m_open.size(); i-- > 0;) {
            if (isQuiet(*m_open[i], now))
                retire(i);
        }
        return Silence::Forgotten;
    }
    m_addresses.noteFailed(connection->channel().endpoint().address);
    // One name may be slow; what was silent on a new connection as well hangs.
    m_health.noteStall(now, m_health.hasStalled() || connection->hasNamesInFlight(kHungAt));
    noteError(AttemptOutcome::Silent, "connected, but queries are not answered");
    return Silence::Left;
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

void Upstream::forgetTrouble() {
    m_health.noteAnswer();
}

void Upstream::noteError(AttemptOutcome outcome, const std::string& reason) {
    ++m_failures;
    m_lastError = reason;
    m_lastOutcome = outcome;
    m_lastErrorUnix = unixMicros() / kSecond;
    m_surroundings.changed();
}

void Upstream::probeIfDue(bool isUrgent) {
    const std::int64_t now = monotonicMicros();
    if (!m_active || m_probe || !isFailing() || !m_health.isDue(now, isUrgent))
        return;
    if (hasUsableConnection() || isConnecting())
        m_health.noteTry(now);
    else
        connect(); // is the try
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
                if (m_address)
                    m_addresses.noteFailed(*m_address);
                retireAll();
                m_health.noteStall(monotonicMicros(), true);
                noteError(outcome, why);
            }
        });
    ask(*m_probe);
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
