// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/switchover.h"

#include <algorithm>
#include <utility>

namespace sotto::lease {

using Phase = JournalRecord::Phase;
using systemdns::Fault;
using systemdns::MechanismId;
using systemdns::Standing;
using systemdns::Target;

namespace {

QString named(MechanismId id, const QString& reason) {
    return QStringLiteral("%1: %2").arg(systemdns::mechanismText(id), reason);
}

QString noSuchMechanism() {
    return QStringLiteral("this system has no such mechanism");
}

QString printable(const QString& text) {
    QString plain = text.left(JournalRecord::kMaxWinnerLength);
    for (QChar& c : plain) {
        if (!c.isPrint())
            c = QLatin1Char('?');
    }
    return plain;
}

bool isOfVpn(const JournalRecord& record, const JournalRecord::Entry& entry) {
    return record.winnerKind == QLatin1String("vpn") &&
           record.winnerMechanism == systemdns::mechanismText(entry.id);
}

Switchover::Verdict verdictOf(const Standing& standing, MechanismId id) {
    return {standing.holder,      printable(standing.who), id,
            standing.mayBeAgents, standing.asBefore,       standing.mayReturn};
}

} // namespace

Switchover::Switchover(Journal& journal, const systemdns::Mechanisms& mechanisms,
                       const Clock& clock, QString bootId, Steps steps)
    : m_journal(journal)
    , m_mechanisms(mechanisms)
    , m_clock(clock)
    , m_bootId(std::move(bootId))
    , m_steps(std::move(steps)) {}

QString Switchover::load() {
    auto loaded = m_journal.load();
    m_record = std::move(loaded.record);
    if (!m_record && loaded.damage.isEmpty())
        (void)m_journal.close(); // of a first write that was cut off
    if (!m_record)
        return loaded.damage;
    for (const auto& entry : m_record->entries) {
        if (!mechanism(entry.id)) {
            m_record.reset();
            return named(entry.id, noSuchMechanism());
        }
    }
    if (loaded.isEarlier) {
        // What the damaged one recorded may have begun.
        for (auto& entry : m_record->entries)
            entry.touched = true;
    }
    return {};
}

QList<MechanismId> Switchover::mechanisms() const {
    QList<MechanismId> ids;
    if (m_record) {
        for (const auto& entry : m_record->entries) {
            if (!m_record->isOnStandby(entry))
                ids.append(entry.id);
        }
    }
    return ids;
}

QList<MechanismId> Switchover::watched() const {
    QList<MechanismId> ids;
    if (m_record) {
        for (const auto& entry : m_record->entries)
            ids.append(entry.id);
    }
    return ids;
}

systemdns::Mechanism* Switchover::mechanism(MechanismId id) const {
    const auto found = std::find_if(m_mechanisms.begin(), m_mechanisms.end(),
                                    [&](const auto& candidate) { return candidate->id() == id; });
    return found == m_mechanisms.end() ? nullptr : found->get();
}

Standing Switchover::standing(const JournalRecord::Entry& entry) const {
    const systemdns::Mechanism& one = *mechanism(entry.id);
    if (m_record->isOnStandby(entry) && one.look().leadsToResolved)
        return {};
    return one.standing(m_record->target, entry.before);
}

bool Switchover::stands(const JournalRecord::Entry& entry) const {
    return standing(entry).holder == Standing::Holder::Us;
}

QString Switchover::markTouched(JournalRecord::Entry& entry) {
    entry.touched = true;
    const QString why = store();
    entry.touched = why.isEmpty();
    return why;
}

QString Switchover::store() {
    const QString why = m_journal.store(*m_record);
    m_unstored = !why.isEmpty();
    return why.isEmpty() ? why : QStringLiteral("the earlier settings cannot be kept: %1").arg(why);
}

void Switchover::enter(Phase phase) {
    m_record->phase = phase;
    m_record->bootId = m_bootId;
    m_record->since = m_clock.unixTime();
}

std::variant<JournalRecord::Entry, Fault> Switchover::captured(MechanismId id) const {
    const systemdns::Mechanism* const one = mechanism(id);
    if (!one)
        return Fault{noSuchMechanism()};
    const auto captured = one->capture();
    if (const auto* fault = std::get_if<Fault>(&captured))
        return *fault;
    JournalRecord::Entry entry{id, false, std::get<QJsonObject>(captured)};
    const QString why = faultOfBefore(entry.before);
    if (!why.isEmpty())
        return Fault{why};
    return entry;
}

QString Switchover::take(const Target& target, const QList<MechanismId>& chosen, WhenLost whenLost,
                         const QList<MechanismId>& standby) {
    QString why = giveBack();
    if (!why.isEmpty())
        return why;
    JournalRecord next;
    for (const MechanismId id : chosen + standby) {
        const auto one = captured(id);
        if (const auto* entry = std::get_if<JournalRecord::Entry>(&one))
            next.entries.append(*entry);
        else if (chosen.contains(id))
            return named(id, std::get<Fault>(one).reason);
    }
    passStep(m_steps, "take: captured");
    next.target = target;
    next.whenLost = whenLost;
    const auto earlier = std::exchange(m_record, next);
    enter(Phase::Taking);
    why = store();
    if (!why.isEmpty()) {
        m_record = earlier; // of a VPN that is not gone yet, or none
        return why;
    }
    passStep(m_steps, "take: journalled");

    for (auto& entry : m_record->entries) {
        if (!chosen.contains(entry.id))
            continue;
        why = markTouched(entry);
        if (!why.isEmpty())
            return undo(why);
        passStep(m_steps, "take: about to apply");
        if (const auto fault = mechanism(entry.id)->apply(target, entry.before))
            return undo(named(entry.id, fault->reason));
        passStep(m_steps, "take: applied");
    }
    return {};
}

QString Switchover::undo(const QString& why) {
    const QString left = giveBack();
    return left.isEmpty()
               ? why
               : QStringLiteral("%1; and the earlier settings are not back: %2").arg(why, left);
}

QString Switchover::hold() {
    enter(Phase::Held);
    const QString why = store();
    passStep(m_steps, "hold: journalled");
    return why;
}

QString Switchover::setWhenLost(WhenLost whenLost) {
    if (m_record->whenLost == whenLost)
        return {};
    m_record->whenLost = whenLost;
    return store();
}

Switchover::Verdict Switchover::look() {
    Verdict verdict;
    bool newer = m_unstored;
    for (auto& entry : m_record->entries) {
        const Standing now = standing(entry);
        if (now.holder > verdict.holder) // in the order of the enumeration
            verdict = verdictOf(now, entry.id);
        if (now.before && *now.before != entry.before && faultOfBefore(*now.before).isEmpty()) {
            entry.before = *now.before;
            newer = true;
        }
    }
    passStep(m_steps, "look: looked");
    if (newer)
        (void)store(); // where it fails, the next look tries again, and what is kept is older
    passStep(m_steps, "look: journalled");
    return verdict;
}

QString Switchover::applyAgain() {
    for (auto& entry : m_record->entries) {
        if (stands(entry))
            continue;
        if (!entry.touched) {
            const QString why = markTouched(entry);
            if (!why.isEmpty())
                return why;
        }
        passStep(m_steps, "again: about to apply");
        if (const auto fault = mechanism(entry.id)->apply(m_record->target, entry.before))
            return named(entry.id, fault->reason);
        passStep(m_steps, "again: applied");
    }
    return {};
}

/// What was on standby may lead here by another's hand, and must not stay so: mechanisms spare all
/// else.
void Switchover::endStandby() {
    for (auto& entry : m_record->entries)
        entry.touched = entry.touched || m_record->phase == Phase::Held;
}

void Switchover::enterYielded(const Verdict& winner, const QString& kind) {
    endStandby();
    enter(Phase::Yielded);
    m_record->winner = winner.who;
    m_record->winnerKind = kind;
    m_record->winnerMechanism = systemdns::mechanismText(winner.mechanism);
}

QString Switchover::yieldTo(const Verdict& winner, const QString& kind) {
    enterYielded(winner, kind);
    (void)store(); // where it fails, the next process sees the same winner and yields again
    passStep(m_steps, "yield: journalled");
    return finishYield();
}

QString Switchover::finishYield() {
    if (std::none_of(m_record->entries.begin(), m_record->entries.end(),
                     [](const auto& entry) { return entry.touched; }))
        return {};
    const QStringList left = restoreTouched();
    (void)store();
    passStep(m_steps, "yield: done");
    return left.join(QStringLiteral("; "));
}

Switchover::Verdict Switchover::lookAtWinner() const {
    for (const auto& entry : m_record->entries) {
        if (systemdns::mechanismText(entry.id) == m_record->winnerMechanism)
            return verdictOf(standing(entry), entry.id);
    }
    // A record that does not say what the winner took: it has that still.
    return {isYieldedToVpn() ? Standing::Holder::Vpn : Standing::Holder::Person, m_record->winner};
}

std::optional<Switchover::Verdict> Switchover::vpnInForce() const {
    for (const auto& entry : m_record->entries) {
        const Standing now = standing(entry);
        if (now.holder == Standing::Holder::Vpn)
            return verdictOf(now, entry.id);
    }
    return std::nullopt;
}

bool Switchover::isYieldedToVpn() const {
    return m_record && m_record->phase == Phase::Yielded &&
           m_record->winnerKind == QLatin1String("vpn");
}

QString Switchover::giveBack() {
    if (!m_record)
        return {};
    QStringList left;
    const bool hadVpn = vpnInForce().has_value(); // what comes back may be a VPN's, too
    if (m_record->phase == Phase::Yielded) {
        // What stands, what could not be finished as somebody took over, and the copies that a VPN
        // keeps: mechanisms spare what won.
        for (auto& entry : m_record->entries)
            entry.touched = entry.touched || stands(entry) || isOfVpn(*m_record, entry);
        left = restoreTouched();
    } else {
        endStandby();
        enter(Phase::GivingBack);
        (void)store(); // a full disk is no reason to keep the system's DNS
        passStep(m_steps, "give back: journalled");
        left = restoreTouched();
    }
    if (!left.isEmpty()) {
        (void)store();
        return left.join(QStringLiteral("; "));
    }
    passStep(m_steps, "give back: restored");
    if (const auto vpn = vpnInForce(); hadVpn && vpn && vpn->mayReturn) {
        if (!isYieldedToVpn())
            enterYielded(*vpn, QStringLiteral("vpn"));
        (void)store(); // where it fails, the next process restores once more
        return {};
    }
    const QString why = m_journal.close();
    if (!why.isEmpty())
        return QStringLiteral("the record of the earlier settings cannot be removed: %1").arg(why);
    m_record.reset();
    m_unstored = false;
    return {};
}

QStringList Switchover::restoreTouched() {
    QStringList left;
    for (auto entry = m_record->entries.rbegin(); entry != m_record->entries.rend(); ++entry) {
        const QString why = entry->touched ? restore(*entry) : QString();
        if (!why.isEmpty())
            left.append(named(entry->id, why));
    }
    return left;
}

QString Switchover::restore(JournalRecord::Entry& entry) {
    passStep(m_steps, "restore: about to");
    if (const auto fault = mechanism(entry.id)->restore(m_record->target, entry.before))
        return fault->reason;
    entry.touched = false;
    passStep(m_steps, "restore: done");
    return {};
}

QString Switchover::forget() {
    const QString why = m_journal.close();
    if (why.isEmpty())
        m_record.reset();
    return why;
}

} // namespace sotto::lease
