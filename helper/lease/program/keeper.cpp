// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/keeper.h"

#include "lease/lease_log.h"

#include <algorithm>

namespace sotto::lease {

Keeper::Keeper(Lease& lease, const Clock& clock, std::optional<quint32> serviceUser)
    : m_lease(lease)
    , m_clock(clock)
    , m_server(serviceUser, [this](LeaseServer::Peer peer, const Request& request) {
        return onRequest(peer, request);
    }) {
    for (QTimer* timer : {&m_timer, &m_news, &m_idle})
        timer->setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    m_news.setInterval(0);
    m_idle.setInterval(kIdleMillis);
    connect(&m_timer, &QTimer::timeout, this, &Keeper::onTime);
    connect(&m_news, &QTimer::timeout, this, &Keeper::onNews);
    connect(&m_idle, &QTimer::timeout, this, [this] {
        if (isIdle())
            emit idle();
    });
    connect(&m_lease, &Lease::changed, &m_news, qOverload<>(&QTimer::start));
    connect(&m_lease, &Lease::planned, this, &Keeper::plan);
    connect(&m_server, &LeaseServer::peerCame, this, &Keeper::plan);
    connect(&m_server, &LeaseServer::peerGone, this, &Keeper::onPeerGone);
}

void Keeper::start() {
    m_lease.resume();
    m_news.start();
    plan();
}

bool Keeper::isIdle() const {
    return m_lease.isIdle() && m_server.peerCount() == 0 && !m_needed;
}

void Keeper::setNeeded(bool needed) {
    m_needed = needed;
    plan();
}

Report Keeper::onRequest(LeaseServer::Peer peer, const Request& request) {
    QString refusal;
    switch (request.verb) {
    case Verb::Describe:
        m_lease.lookAround();
        break;
    case Verb::Apply:
        refusal = m_lease.take(request);
        if (refusal.isEmpty()) {
            m_service = peer;
            m_lease.setServiceConnected(true);
        } else {
            logLine(QStringLiteral("a request is refused: %1").arg(refusal));
        }
        break;
    case Verb::Restore:
        m_lease.giveBack();
        break;
    }
    plan();
    Report report = m_lease.report();
    if (!refusal.isEmpty())
        report.fault = refusal;
    return report;
}

void Keeper::onPeerGone(LeaseServer::Peer peer) {
    if (peer == m_service) {
        m_service = 0;
        m_lease.setServiceConnected(false);
    }
    plan();
}

void Keeper::onNews() {
    const Report report = m_lease.report();
    logState(report);
    m_server.tell(report);
    plan();
}

void Keeper::onTime() {
    m_lease.tick();
    plan();
}

/// Waits for what the lease expects next, or for the end.
void Keeper::plan() {
    if (const auto next = m_lease.nextTick())
        m_timer.start(
            static_cast<int>(std::clamp<qint64>(*next - m_clock.running(), 0, 24 * 3600 * 1000)));
    else
        m_timer.stop();
    if (!isIdle())
        m_idle.stop();
    else if (!m_idle.isActive())
        m_idle.start();
}

void Keeper::logState(const Report& report) {
    QString line = QStringLiteral("the lease is %1").arg(enumText(report.state));
    if (!report.addresses.isEmpty())
        line += QStringLiteral(", at %1 port %2, by %3")
                    .arg(report.addresses.join(QStringLiteral(", ")))
                    .arg(report.port)
                    .arg(report.mechanisms.join(QStringLiteral(", ")));
    if (report.state == State::Yielded)
        line += QStringLiteral(" to %1 (%2)").arg(report.winner, report.winnerKind);
    if (!report.fault.isEmpty())
        line += QStringLiteral(": %1").arg(report.fault);
    if (line == m_logged)
        return;
    m_logged = line;
    logLine(line);
}

} // namespace sotto::lease
