// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/lease.h"

#include "lease/contract/check_name.h"
#include "lease/state/described.h"

#include <algorithm>

namespace sotto::lease {

using Phase = JournalRecord::Phase;
using Holder = systemdns::Standing::Holder;

namespace {

/// Linux lets only root, and who root allows it, listen on these.
constexpr int kLastPrivilegedPort = 1023;

systemdns::Target targetOf(const Request& request) {
    return {request.addresses, static_cast<quint16>(request.port)};
}

/// Why nobody can be sent there in that way; empty where they can.
QString faultOf(const Request& request) {
    if (request.port < 1 || request.port > 0xffff)
        return QStringLiteral("the port is impossible");
    if (request.mechanism != QLatin1String("auto") &&
        !systemdns::mechanismFromText(request.mechanism))
        return QStringLiteral("there is no such mechanism");
    return targetOf(request).fault();
}

/// The request that a record stands for.
Request requestOf(const JournalRecord& record) {
    Request request;
    request.verb = Verb::Apply;
    request.addresses = record.target.addresses;
    request.port = record.target.port;
    request.whenLost = record.whenLost;
    return request;
}

bool isDue(std::optional<qint64>& at, qint64 now) {
    if (!at || now < *at)
        return false;
    at.reset();
    return true;
}

} // namespace

Lease::Lease(Switchover& switchover, const systemdns::Mechanisms& mechanisms, Reach& reach,
             const Clock& clock)
    : m_switchover(switchover)
    , m_mechanisms(mechanisms)
    , m_reach(reach)
    , m_clock(clock)
    , m_since(clock.unixTime()) {}

Lease::~Lease() = default;

void Lease::enter(State state, const QString& fault) {
    if (state == m_state && fault == m_fault)
        return;
    if (state != m_state)
        m_since = m_clock.unixTime();
    m_state = state;
    m_fault = fault;
    emit changed();
}

void Lease::turn() {
    ++*m_turn;
    m_verifyUntil.reset();
    m_verifyAt.reset();
    m_verifyNext = false;
    m_lookAt.reset();
    m_coverAt.reset();
    m_retryAt.reset();
    m_unsureUntil.reset();
    m_silence.stop();
}

Reach::Handler Lease::whileCurrent(std::function<void(const Answer&)> handler) {
    return [this, alive = std::weak_ptr(m_turn), at = *m_turn,
            handler = std::move(handler)](const Answer& answer) {
        const auto current = alive.lock();
        if (!current || *current != at)
            return;
        handler(answer);
        emit planned();
    };
}

QString Lease::refusal(const Request& request) const {
    const QString fault = faultOf(request);
    if (!fault.isEmpty())
        return fault;
    if (request.port > kLastPrivilegedPort)
        return QStringLiteral("port %1 is one that any program of this computer could take while "
                              "sottod does not run; have Sotto listen on one below %2")
            .arg(request.port)
            .arg(kLastPrivilegedPort + 1);
    if (!isCheckKey(request.checkKey))
        return QStringLiteral("the check key is impossible");
    if (isDamaged())
        return m_fault;
    if (((m_state == State::Yielded && !isOnlyWaiting()) || isKeptFree()) && !request.takeOver) {
        Report now = report();
        if (isKeptFree())
            now.winnerKind = QLatin1String(kRestored);
        return QStringLiteral("the system's DNS settings were %1; that stays until Sotto is told "
                              "to take over")
            .arg(takeoverText(now));
    }
    return {};
}

/// Yielded to a VPN, and given back since; or the VPN was one of another boot.
bool Lease::isOnlyWaiting() const {
    return m_switchover.isYieldedToVpn() && (!m_wanted || !m_switchover.isOfThisBoot());
}

QString Lease::take(const Request& request) {
    const QString why = refusal(request);
    if (!why.isEmpty())
        return why;
    m_reach.useKey(request.checkKey);
    const auto mechanism = systemdns::mechanismFromText(request.mechanism);
    const bool isSame = m_wanted && targetOf(request) == m_target &&
                        (!mechanism || m_switchover.mechanisms().contains(*mechanism));
    if (isSame && (m_state == State::Held || m_state == State::Unanswered)) {
        m_wanted = request;
        m_silence.hurry(now());
        m_lookAt = m_clock.running(); // which also stores what could not be
        (void)m_switchover.setWhenLost(request.whenLost);
        return {};
    }
    if (m_state == State::Taking && m_wanted && isSame &&
        m_wanted->mechanism == request.mechanism) {
        m_wanted = request;
        return {};
    }
    m_contest.forget();
    begin(request);
    return {};
}

void Lease::begin(const Request& request) {
    turn();
    m_keptFree = false;
    m_wanted = request;
    m_target = targetOf(request);
    if (!m_switchover.record())
        m_left = clearLeftovers(m_mechanisms);
    lookFor(m_target, request.mechanism);
    if (m_detection.chosen.isEmpty()) {
        endWith(State::Failed, m_detection.reason);
        return;
    }
    // What is ours must not be recorded as what was before; and the system asks us as it is.
    if (std::any_of(m_detection.chosen.cbegin(), m_detection.chosen.cend(),
                    [this](systemdns::MechanismId id) { return isInTheWay(id); })) {
        endWith(State::Failed, {});
        return;
    }
    enter(State::Taking);
    m_reach.askListener(m_target, Reach::Which::EveryAddress,
                        whileCurrent([this, chosen = m_detection.chosen,
                                      standby = m_detection.standby](const Answer& answer) {
                            if (answer.came) {
                                applyNow(chosen, standby);
                                return;
                            }
                            endWith(State::Failed,
                                    QStringLiteral("nothing was changed: sottod does not answer "
                                                   "where the system would ask it: %1")
                                        .arg(answer.reason));
                        }));
}

void Lease::applyNow(const QList<systemdns::MechanismId>& chosen,
                     const QList<systemdns::MechanismId>& standby) {
    const QString why = m_switchover.take(m_target, chosen, m_wanted->whenLost, standby);
    if (!why.isEmpty()) {
        endWith(State::Failed, why);
        return;
    }
    m_left = {};
    watchMechanisms(m_switchover.watched());
    m_verifyUntil = m_clock.running() + kVerifyFor;
    verify();
}

void Lease::verify() {
    m_reach.askSystem(m_switchover.mechanisms(),
                      whileCurrent([this](const Answer& answer) { onSystemAnswer(answer); }));
}

void Lease::onSystemAnswer(const Answer& answer) {
    if (!m_verifyUntil)
        return;
    const qint64 at = m_clock.running();
    if (!answer.came && at < *m_verifyUntil) {
        m_verifyAt = at + kVerifyPause;
        return;
    }
    m_verifyUntil.reset();
    if (answer.came)
        onVerified();
    else if (m_state == State::Taking || !answer.networkIsDown)
        onNotVerified(answer.reason);
    if (m_verifyNext && m_state == State::Held)
        verifyAgain();
}

/// After a change: what is being asked already may have been answered before it.
void Lease::verifyAgain() {
    m_verifyNext = m_verifyUntil.has_value();
    m_verifyUntil = m_clock.running() + kVerifyFor;
    if (!m_verifyNext)
        verify();
}

void Lease::onVerified() {
    if (m_state != State::Taking)
        return;
    const QString why = m_switchover.hold();
    if (why.isEmpty())
        becomeHeld();
    else
        endWith(State::Failed, why);
}

void Lease::onNotVerified(const QString& reason) {
    const QString why = QStringLiteral("the look-ups of this computer do not come to Sotto: %1; %2")
                            .arg(reason, whatToLookAt());
    if (m_state == State::Taking) {
        endWith(State::Failed, why);
        return;
    }
    // After a change. Where nobody listens, that is not the system's fault.
    m_reach.askListener(m_target, Reach::Which::AnyAddress,
                        whileCurrent([this, why](const Answer& answer) {
                            if (answer.came) {
                                endWith(State::Failed, why);
                                return;
                            }
                            m_verifyNext = true;
                            m_silence.hurry(now());
                        }));
}

void Lease::becomeHeld() {
    (void)m_switchover.setWhenLost(m_wanted->whenLost); // it may be chosen since
    m_silence.start(now(), m_serviceConnected);
    m_lookAt = m_clock.running();
    enter(State::Held);
}

void Lease::resumeHeld() {
    watchMechanisms(m_switchover.watched());
    m_silence.start(now(), m_serviceConnected);
    m_lookAt = m_clock.running();
    m_state = State::Held;
    m_since = m_switchover.record()->since;
}

QString Lease::damageText() const {
    return QStringLiteral("the record of the earlier settings is damaged (%1); %2; then run: "
                          "sotto-lease restore --forget")
        .arg(m_damage, m_left.isEmpty() ? QStringLiteral("set this computer's DNS servers by hand")
                                        : m_left.reason);
}

void Lease::resume() {
    m_damage = m_switchover.load();
    if (!m_switchover.record()) {
        rest(State::Free, {});
        return;
    }
    const JournalRecord& record = *m_switchover.record();
    m_wanted = requestOf(record);
    m_target = record.target;
    switch (record.phase) {
    case Phase::Taking:
        endWith(State::Free, QStringLiteral("the earlier settings are back: the lease keeper was "
                                            "ended while it switched"));
        return;
    case Phase::GivingBack:
        endWith(State::Free, {});
        return;
    case Phase::Held:
        if (m_switchover.isOfThisBoot()) {
            resumeHeld();
        } else {
            endWith(State::Free, {});
        }
        return;
    case Phase::Yielded:
        stayYielded(m_switchover.finishYield());
        m_since = record.since;
        return;
    }
}

void Lease::giveBack(bool keptFree) {
    m_contest.forget();
    m_keptFree = keptFree;
    if (isDamaged())
        m_damage = m_switchover.load(); // it may have been put right
    endWith(State::Free, {});
}

QString Lease::forget() {
    if (!isDamaged())
        return {};
    const QString why = m_switchover.forget();
    if (why.isEmpty())
        m_damage.clear();
    return why;
}

/// The lease is over, for that reason; or it is tried again.
void Lease::endWith(State state, const QString& reason) {
    turn();
    const QString left = m_switchover.giveBack();
    if (!left.isEmpty()) {
        m_retryAt = m_clock.running() + kRetryGivingBack;
        const QString why = QStringLiteral("the earlier settings are not back: %1").arg(left);
        enter(State::Failed,
              reason.isEmpty() ? why : QStringLiteral("%1; and %2").arg(reason, why));
    } else if (m_switchover.record()) {
        m_wanted.reset(); // when the VPN ends, nobody takes it again
        stayYielded({});
        if (!reason.isEmpty())
            enter(State::Yielded, reason);
    } else {
        rest(state, reason);
    }
}

/// There is no lease; but what is ours may be there nevertheless.
void Lease::rest(State state, const QString& reason) {
    m_wanted.reset();
    m_retryAt.reset();
    m_left = clearLeftovers(m_mechanisms);
    watchMechanisms(m_left.mechanisms);
    if (m_left.mayGo)
        m_retryAt = m_clock.running() + kRetryGivingBack;
    if (isDamaged())
        enter(State::Failed, damageText());
    else if (!m_left.isEmpty())
        enter(State::Failed, reason.isEmpty()
                                 ? m_left.reason
                                 : QStringLiteral("%1; and %2").arg(reason, m_left.reason));
    else
        enter(isKeptFree() ? State::Yielded : state, reason);
}

void Lease::setServiceConnected(bool connected) {
    m_serviceConnected = connected;
    m_silence.setConnected(connected, now());
}

void Lease::tick() {
    const qint64 at = m_clock.running();
    if (isDue(m_retryAt, at)) {
        if (m_state == State::Yielded)
            stayYielded(m_switchover.finishYield());
        else
            endWith(State::Free, {});
    }
    if (isDue(m_coverAt, at))
        refreshCoverage();
    if (isDue(m_lookAt, at))
        lookAtSystem();
    if (isDue(m_verifyAt, at))
        verify();
    if (m_silence.takeQuestion(now()))
        askListener();
    const bool isHeld = m_state == State::Held || m_state == State::Unanswered;
    if (isHeld && m_silence.isLost(now()) && m_switchover.record()->whenLost == WhenLost::Open)
        endWith(State::Free, QStringLiteral("the earlier settings are back: nobody has answered "
                                            "on %1 for ten seconds")
                                 .arg(m_target.addresses.join(QStringLiteral(", "))));
}

std::optional<qint64> Lease::nextTick() const {
    std::optional<qint64> next = m_silence.dueAt();
    for (const auto& at : {m_retryAt, m_lookAt, m_coverAt, m_verifyAt}) {
        if (at && (!next || *at < *next))
            next = at;
    }
    return next;
}

void Lease::askListener() {
    m_reach.askListener(m_target, Reach::Which::AnyAddress,
                        whileCurrent([this, asked = now()](const Answer& answer) {
                            onListenerAnswer(answer, asked);
                        }));
}

void Lease::onListenerAnswer(const Answer& answer, SilenceWatch::Moment asked) {
    m_silence.setOutcome(answer.came, asked, now());
    if (m_state == State::Held && !answer.came) {
        enter(State::Unanswered);
    } else if (m_state == State::Unanswered && answer.came) {
        m_lookAt = m_clock.running();
        enter(State::Held);
    }
}

void Lease::lookAtSystem() {
    if (!m_switchover.record()) {
        if (m_state == State::Failed)
            rest(State::Free, {}); // somebody may have put right what is left of ours
        return;
    }
    if (m_state == State::Yielded) {
        lookAtWinner();
        return;
    }
    if (m_state != State::Held && m_state != State::Unanswered)
        return;
    const auto verdict = m_switchover.look();
    refreshCoverage();
    if (waitsForAgent(verdict))
        return;
    switch (verdict.holder) {
    case Holder::Us:
        if (m_state == State::Held && m_verifyNext && !m_verifyUntil)
            verifyAgain();
        return;
    case Holder::Agent:
        // While nobody listens, it is not worth a contest: the next answer brings another look.
        if (m_state == State::Held)
            settleAgent(verdict);
        return;
    case Holder::Person:
        yieldTo(verdict, QStringLiteral("person"));
        return;
    case Holder::Vpn:
        yieldTo(verdict, QStringLiteral("vpn"));
        return;
    }
}

/// dhclient writes the file first and the lease with these servers after it, by which it is known:
/// until then its file looks like a person's.
bool Lease::waitsForAgent(const Switchover::Verdict& verdict) {
    const qint64 at = m_clock.running();
    const bool isUnsure = verdict.holder == Holder::Person && verdict.mayBeAgents;
    if (isUnsure && !m_unsureUntil)
        m_unsureUntil = at + kUnsureFor;
    if (!isUnsure || at >= *m_unsureUntil) {
        m_unsureUntil.reset();
        return false;
    }
    m_lookAt = std::min(*m_unsureUntil, at + kSettle);
    return true;
}

void Lease::settleAgent(const Switchover::Verdict& verdict) {
    if (!m_contest.goOn(m_clock.running())) {
        yieldTo(verdict, QStringLiteral("agent"));
        return;
    }
    const auto mechanisms = m_switchover.mechanisms();
    const QString why = m_switchover.applyAgain();
    if (!why.isEmpty()) {
        endWith(State::Failed, why);
        return;
    }
    if (m_switchover.mechanisms() != mechanisms)
        emit changed();
    refreshCoverage();
    verifyAgain();
}

void Lease::yieldTo(const Switchover::Verdict& verdict, const QString& kind) {
    turn();
    stayYielded(m_switchover.yieldTo(verdict, kind));
    emit changed(); // it may be another winner than before
}

/// Theirs stays and is watched; what is left of ours beside it is tried again.
void Lease::stayYielded(const QString& left) {
    watchMechanisms(m_switchover.watched());
    m_lookAt = m_clock.running();
    if (left.isEmpty()) {
        enter(State::Yielded);
        return;
    }
    m_retryAt = m_clock.running() + kRetryGivingBack;
    enter(State::Yielded,
          QStringLiteral("some of Sotto's settings could not be taken back: %1").arg(left));
}

void Lease::lookAtWinner() {
    const auto now = m_switchover.lookAtWinner();
    const bool wasVpn = m_switchover.isYieldedToVpn();
    const bool isPersons = now.holder == Holder::Person && !now.asBefore;
    if (wasVpn && isPersons && m_wanted) {
        yieldTo(now, QStringLiteral("person")); // the VPN has ended, and this is not what was there
        return;
    }
    const bool isGone = now.holder == Holder::Us || (wasVpn && now.holder != Holder::Vpn);
    if (!isGone)
        return;
    if (!m_contest.goOn(m_clock.running())) {
        m_lookAt = m_clock.running() + Contest::kWithin;
        return;
    }
    if (m_serviceConnected && m_wanted)
        begin(*m_wanted);
    else
        endWith(State::Free, {}); // of ours, nothing may stay that nobody answers
}

void Lease::watchMechanisms(const QList<systemdns::MechanismId>& ids) {
    for (const auto& mechanism : m_mechanisms) {
        if (!ids.contains(mechanism->id()) || m_watched.contains(mechanism.get()))
            continue;
        m_watched.insert(mechanism.get());
        connect(mechanism.get(), &systemdns::Mechanism::changed, this, &Lease::lookSoon);
        mechanism->watch();
    }
}

void Lease::lookSoon() {
    if (m_lookAt || (!m_switchover.record() && m_left.isEmpty()))
        return;
    m_lookAt = m_clock.running() + kSettle;
    emit planned();
}

void Lease::noteLinks() {
    if (m_coverAt || (m_state != State::Held && m_state != State::Unanswered))
        return;
    m_coverAt = std::max(m_clock.running(), m_coveredAt + kCoverPause);
    emit planned();
}

void Lease::noteSurroundings() {
    m_verifyNext = m_switchover.record().has_value();
    lookSoon();
}

systemdns::Target Lease::targetToLookFor() const {
    return m_wanted ? m_target : systemdns::Target{{QStringLiteral("127.0.0.1")}};
}

QString Lease::lookAround(const Request& request) {
    if (request.addresses.isEmpty()) {
        lookFor(targetToLookFor(), m_wanted ? m_wanted->mechanism : QString());
        return {};
    }
    const QString fault = faultOf(request);
    if (fault.isEmpty())
        lookFor(targetOf(request), request.mechanism);
    return fault;
}

void Lease::lookFor(const systemdns::Target& target, const QString& mechanism) {
    m_detection = systemdns::detect(m_mechanisms, target, systemdns::mechanismFromText(mechanism));
    refreshCoverage();
}

/// Where a person finds out why look-ups go elsewhere although the settings are ours.
QString Lease::whatToLookAt() const {
    for (const auto& exception : m_coverage.exceptions) {
        if (exception.kind == QLatin1String("static_nsswitch"))
            return QStringLiteral("look at %1: %2").arg(exception.subject, exception.detail);
    }
    return QStringLiteral("look at the line \"hosts\" of /etc/nsswitch.conf, and for rules of a "
                          "firewall about port %1 of this computer")
        .arg(m_target.port);
}

void Lease::refreshCoverage() {
    m_coveredAt = m_clock.running();
    m_coverAt.reset();
    const QJsonValue before = json::toJson(report());
    m_coverage = coverageOf(m_mechanisms,
                            m_switchover.record() ? m_switchover.mechanisms() : m_detection.chosen,
                            targetToLookFor());
    if (json::toJson(report()) != before)
        emit changed();
}

Report Lease::report() const {
    Report report = described(m_switchover.record(), m_left, m_detection, m_coverage);
    if (m_keptFree && !m_switchover.record())
        report.winnerKind = QLatin1String(kRestored);
    report.state = m_state;
    report.fault = boundedText(m_fault);
    report.since = m_since;
    return report;
}

bool Lease::isIdle() const {
    if (m_state == State::Taking || m_retryAt || m_switchover.isYieldedToVpn())
        return false;
    const auto& record = m_switchover.record();
    return !record || record->phase == Phase::Yielded;
}

} // namespace sotto::lease
