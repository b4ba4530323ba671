// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/system_dns/system_dns.h"

#include "service/service_log.h"

#include <algorithm>
#include <utility>

namespace sotto::service {

namespace {

using protocol::SystemDnsState;

constexpr int kExplainMillis = 3000;
constexpr int kMaxExplaining = 4;

/// Whether the system was told to ask us and that has not been taken back.
bool isHeld(const lease::Report& report) {
    switch (report.state) {
    case lease::State::Free:
    case lease::State::Yielded:
        return false;
    case lease::State::Failed:
        return !report.addresses.isEmpty();
    case lease::State::Taking:
    case lease::State::Held:
    case lease::State::Unanswered:
    case lease::State::GivingBack:
        return true;
    }
    Q_UNREACHABLE();
}

SystemDnsState stateOf(lease::State state) {
    switch (state) {
    case lease::State::Free:
        return SystemDnsState::Off;
    case lease::State::Taking:
        return SystemDnsState::Taking;
    case lease::State::Held:
        return SystemDnsState::On;
    case lease::State::Unanswered:
        return SystemDnsState::Unanswered;
    case lease::State::Yielded:
        return SystemDnsState::Yielded;
    case lease::State::GivingBack:
        return SystemDnsState::GivingBack;
    case lease::State::Failed:
        return SystemDnsState::Failed;
    }
    Q_UNREACHABLE();
}

bool isSame(const lease::Request& a, const lease::Request& b) {
    return json::toJson(a) == json::toJson(b);
}

} // namespace

SystemDns::SystemDns(const QString& socketPath, LeasePatience patience, QObject* parent)
    : QObject(parent)
    , m_client(socketPath, patience) {
    connect(&m_client, &LeaseClient::reported, this, &SystemDns::reported);
    connect(&m_client, &LeaseClient::sent, this,
            [this] { m_held = m_held || m_client.wanted() == lease::Verb::Apply; });
    connect(&m_client, &LeaseClient::unreachable, this, [this] {
        m_isKnown = true;
        if (!m_wish.manage && !m_held)
            m_client.leave(); // nobody is missed
        tellChange();
    });
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, [this] {
        m_asked.reset();
        reconcile();
    });
    m_releaseLimit.setSingleShot(true);
    connect(&m_releaseLimit, &QTimer::timeout, this, &SystemDns::finishRelease);
}

bool SystemDns::wantsLease() const {
    return m_wish.manage && m_wish.on && !m_releasing && !m_wish.target.addresses.isEmpty();
}

void SystemDns::want(const SystemDnsWish& wish) {
    if (wish == m_wish)
        return;
    m_wish = wish;
    m_againMillis = kFirstRetryMillis;
    m_again.stop();
    reconcile();
}

QString SystemDns::take() {
    if (!m_wish.manage)
        return QStringLiteral("the settings leave the system's DNS alone (system.manage)");
    if (!m_wish.on)
        return QStringLiteral("Sotto is off or paused");
    if (!wantsLease())
        return reason();
    m_againMillis = kFirstRetryMillis;
    m_again.stop();
    reconcile(true);
    return {};
}

void SystemDns::noteTurnedOn() {
    const auto& report = m_client.report();
    if (report && report->state == lease::State::Yielded &&
        report->winnerKind == QLatin1String(lease::kRestored))
        (void)take(); // where it is not wanted, it stays as it is
}

void SystemDns::noteNetworkChange() {
    m_client.retryNow();
    if (m_again.isActive()) {
        m_againMillis = kFirstRetryMillis;
        m_again.start(0);
    }
}

void SystemDns::noteListening() {
    // The keeper looks at the system once more where it is asked for what it holds already.
    if (m_asked && m_asked->verb == lease::Verb::Apply && m_client.report() &&
        m_client.report()->state == lease::State::Held)
        m_client.request(*m_asked);
}

void SystemDns::release() {
    if (std::exchange(m_releasing, true))
        return;
    m_again.stop();
    if (!m_held)
        return finishRelease();
    m_releaseLimit.start(kReleaseMillis);
    reconcile();
}

void SystemDns::finishRelease() {
    if (std::exchange(m_released, true))
        return;
    m_releaseLimit.stop();
    const auto& report = m_client.report();
    if (m_held && report && !report->fault.isEmpty())
        logLine(QStringLiteral("the system's DNS settings are not back: %1").arg(report->fault));
    else if (m_held)
        logLine(QStringLiteral("the system's DNS settings are not back yet; the lease keeper goes "
                               "on by itself"));
    emit released();
}

lease::Request SystemDns::applyRequest() const {
    lease::Request request;
    request.verb = lease::Verb::Apply;
    request.addresses = m_wish.target.addresses;
    request.port = m_wish.target.port;
    request.mechanism = m_wish.mechanism;
    request.checkKey = m_wish.checkKey;
    request.whenLost = m_wish.keepClosed ? lease::WhenLost::Closed : lease::WhenLost::Open;
    return request;
}

void SystemDns::reconcile(bool takeOver) {
    lease::Request request;
    if (wantsLease()) {
        request = applyRequest();
    } else if (m_wish.manage || m_held) {
        request.verb = lease::Verb::Restore;
    } else {
        // The system's DNS is not ours to manage, but an earlier run may have left it with us.
        if (m_wish.target.addresses.isEmpty())
            return;
        request.verb = lease::Verb::Describe;
    }
    if (!takeOver && m_asked && isSame(*m_asked, request))
        return;
    m_asked = request;
    request.takeOver = takeOver;
    m_client.request(request);
    tellChange();
}

void SystemDns::reported() {
    m_isKnown = true;
    const lease::Report report = *m_client.report();
    if (m_client.wanted() == lease::Verb::Describe && isLeftBehind(report)) {
        m_held = true;
        return reconcile();
    }
    // While it is asked to take the lease, being free is a state of before, or will not last.
    m_held = m_client.wanted() != lease::Verb::Describe &&
             (isHeld(report) || (wantsLease() && report.state == lease::State::Free));
    if (wantsLease())
        tryAgainLater(report);
    if (m_releasing && (!m_held || report.state == lease::State::Failed))
        finishRelease();
    if (!m_wish.manage && !m_held)
        m_client.leave();
    tellChange();
}

void SystemDns::tryAgainLater(const lease::Report& report) {
    const bool isLost = report.state == lease::State::Failed || report.state == lease::State::Free;
    if (!isLost) {
        m_again.stop();
        if (report.state == lease::State::Held)
            m_againMillis = kFirstRetryMillis;
        return;
    }
    // That it is free now is news: what kept it from us may be gone.
    const bool isNews = report.state == lease::State::Free && m_againMillis > kFirstRetryMillis;
    if (isNews)
        m_againMillis = kFirstRetryMillis;
    if (isNews || !m_again.isActive()) {
        m_again.start(m_againMillis);
        m_againMillis = std::min(2 * m_againMillis, kLastRetryMillis);
    }
}

/// A lease on our own addresses, which nobody but an earlier run of ours can have taken.
bool SystemDns::isLeftBehind(const lease::Report& report) const {
    return isHeld(report) && !report.addresses.isEmpty() && report.port == m_wish.target.port &&
           std::ranges::all_of(report.addresses, [this](const QString& address) {
               return m_wish.target.addresses.contains(address);
           });
}

void SystemDns::tellChange() {
    const protocol::SystemDns now = status();
    QString line = QStringLiteral("system DNS: ") + protocol::enumText(now.state);
    if (now.state == SystemDnsState::On)
        line += QStringLiteral(" (%1)").arg(now.mechanisms.join(QLatin1String(", ")));
    if (now.state == SystemDnsState::Yielded)
        line += QStringLiteral(", ") + lease::takeoverText(*m_client.report());
    if (!now.reason.isEmpty())
        line += QStringLiteral(", ") + now.reason;
    const bool isNews = now.state != SystemDnsState::ByHand || !m_logged.isEmpty();
    if (line != m_logged && isNews) {
        m_logged = line;
        logLine(line);
    }
    emit changed();
    if (std::exchange(m_wasHolding, mayHold()) != mayHold())
        emit holdChanged();
}

SystemDnsState SystemDns::state() const {
    if (!m_wish.manage && !mayHold())
        return SystemDnsState::ByHand;
    if (!m_client.fault().isEmpty())
        return SystemDnsState::Unavailable;
    if (m_wish.manage && m_wish.on && !m_releasing && m_wish.target.addresses.isEmpty())
        return SystemDnsState::Failed;
    const auto& report = m_client.report();
    if (wantsLease()) {
        // Until the keeper has come to it, what it reports is of before.
        if (!report || m_client.isAwaiting() || report->state == lease::State::GivingBack)
            return SystemDnsState::Taking;
        if (report->state == lease::State::Free)
            return report->fault.isEmpty() ? SystemDnsState::Taking : SystemDnsState::Failed;
        return stateOf(report->state);
    }
    if (!report)
        return mayHold() ? SystemDnsState::GivingBack : SystemDnsState::Off;
    if (report->state == lease::State::Yielded)
        return SystemDnsState::Off;
    const bool isStuck = report->state == lease::State::Failed && !m_client.isAwaiting();
    return m_held && !isStuck ? SystemDnsState::GivingBack : stateOf(report->state);
}

QString SystemDns::reason() const {
    switch (state()) {
    case SystemDnsState::Unavailable:
        return QStringLiteral("the lease keeper cannot be reached at %1: %2. Start it (systemctl "
                              "start sotto-lease.socket), or set system.manage to false and set "
                              "the system's DNS by hand")
            .arg(m_client.path(), m_client.fault());
    case SystemDnsState::Failed:
        if (m_wish.target.addresses.isEmpty())
            return QStringLiteral("Sotto listens on no loopback address that the system could ask. "
                                  "Add one to \"listen\", for example 127.0.0.1:53");
        return m_client.report() ? m_client.report()->fault : QString();
    default:
        return {};
    }
}

protocol::SystemDns SystemDns::status() const {
    protocol::SystemDns status;
    status.state = state();
    status.reason = reason();
    status.keepsClosed = m_wish.keepClosed;
    const auto& report = m_client.report();
    if (!report || status.state == SystemDnsState::ByHand)
        return status;
    status.mechanisms = report->mechanisms;
    status.addresses = report->addresses;
    status.port = report->port;
    status.interfaces = report->interfaces;
    status.ipv4 = report->ipv4;
    status.ipv6 = report->ipv6;
    for (const lease::Exception& exception : report->exceptions)
        status.exceptions += {exception.kind, exception.subject, exception.detail,
                              exception.servers, exception.domains};
    if (status.state == SystemDnsState::Yielded) {
        status.winner = report->winner;
        status.winnerKind = report->winnerKind;
    }
    return status;
}

bool SystemDns::explain(Explained done) {
    if (m_explaining >= kMaxExplaining)
        return false;
    ++m_explaining;
    auto* asker = new LeaseClient(m_client.path(), {.replyMillis = kExplainMillis}, this);
    const auto finish = [this, asker, done = std::move(done)] {
        protocol::SystemDnsExplanation explanation{
            status(), {}, m_wish.target.addresses, m_wish.target.port, m_wish.mechanism};
        const auto report = asker->report();
        for (const lease::Finding& finding : report ? report->findings : QList<lease::Finding>())
            explanation.findings +=
                {finding.mechanism, finding.usable, finding.chosen, finding.reason};
        asker->disconnect(this);
        asker->leave();
        asker->deleteLater();
        --m_explaining;
        done(explanation);
    };
    connect(asker, &LeaseClient::reported, this, finish);
    connect(asker, &LeaseClient::unreachable, this, finish);
    lease::Request request;
    if (!m_wish.target.addresses.isEmpty())
        request = applyRequest();
    request.verb = lease::Verb::Describe;
    request.checkKey.clear();
    asker->request(request);
    return true;
}

} // namespace sotto::service
