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
        refusal = m_lease.lookAround(request);
        break;
    case Verb::Apply:
        if (isAnothers(peer))
            return refuseAnothers(peer);
        m_refused.remove(peer);
        refusal = onApply(peer, request);
        break;
    case Verb::Restore:
        if (m_refused.contains(peer) || (isAnothers(peer) && m_server.userOf(peer) != 0))
            return {}; // it has nothing to give back
        refusal = onRestore(peer, request.forget);
        break;
    }
    if (!refusal.isEmpty())
        logLine(QStringLiteral("a request is refused: %1").arg(refusal));
    plan();
    Report report = m_lease.report();
    if (!refusal.isEmpty())
        report.fault = refusal;
    return report;
}

/// A second service must not take what a first one has, nor wait for its turn as if it had it.
bool Keeper::isAnothers(LeaseServer::Peer peer) const {
    return m_service != 0 && m_service != peer && !m_lease.isIdle();
}

Report Keeper::refuseAnothers(LeaseServer::Peer peer) {
    m_refused.insert(peer);
    Report refusal;
    refusal.state = State::Failed;
    refusal.fault =
        QStringLiteral("another sottod has this computer's DNS settings; end it, or set "
                       "system.manage to false here");
    return refusal;
}

QString Keeper::onApply(LeaseServer::Peer peer, const Request& request) {
    m_askers.insert(peer);
    const QString refusal = m_lease.take(request);
    if (refusal.isEmpty()) {
        m_service = peer;
        m_lease.setServiceConnected(true);
    }
    return refusal;
}

/// A service that gives back may take again. Where root does it while a service wants the lease, by
/// another connection than the service's, that service would take it again at once. Who has a
/// damaged record removed has put things right, so that it can go on.
QString Keeper::onRestore(LeaseServer::Peer peer, bool forget) {
    const bool isRoot = m_server.userOf(peer) == 0;
    const bool isAskers = m_askers.remove(peer);
    if (forget && !isRoot)
        return QStringLiteral("only root may have a record removed");
    const bool isRepair = forget && m_lease.isDamaged();
    const QString why = forget ? m_lease.forget() : QString();
    const bool staysFree =
        isRoot && !isAskers && !isRepair && (!m_askers.isEmpty() || m_lease.isKeptFree());
    m_lease.giveBack(staysFree);
    return why;
}

void Keeper::onPeerGone(LeaseServer::Peer peer) {
    m_refused.remove(peer);
    m_askers.remove(peer);
    if (peer == m_service) {
        m_service = 0;
        m_refused.clear(); // what they asked for is nobody's now
        m_lease.setServiceConnected(false);
    }
    plan();
}

void Keeper::onNews() {
    const Report report = m_lease.report();
    logState(report);
    const bool isSomeones = m_service != 0 && !m_lease.isIdle();
    m_server.tell(report, [this, isSomeones](LeaseServer::Peer peer) {
        const bool isOthers = isSomeones && peer != m_service && m_server.userOf(peer) != 0;
        return !isOthers && !m_refused.contains(peer);
    });
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
        line += QStringLiteral(": %1").arg(takeoverText(report));
    if (!report.fault.isEmpty())
        line += QStringLiteral(": %1").arg(report.fault);
    if (line == m_logged)
        return;
    m_logged = line;
    logLine(line);
}

} // namespace sotto::lease
