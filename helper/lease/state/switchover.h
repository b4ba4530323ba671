// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/journal/journal.h"
#include "lease/state/clock.h"
#include "systemdns/detection.h"

#include <QStringList>

#include <optional>

namespace sotto::lease {

/// Changes the system's DNS and gives it back: every change is in the journal before it is made, so
/// that the process may end at any moment, and whoever comes next finishes the work. Each call
/// leaves either the earlier settings, or ours with a journal that knows the earlier ones.
///
/// Thread: the one of the mechanisms. Journal and mechanisms stay the caller's.
class Switchover {
public:
    Switchover(Journal& journal, const systemdns::Mechanisms& mechanisms, const Clock& clock,
               QString bootId, Steps steps = {});

    /// Reads what an earlier process left; empty, or why it cannot be read.
    [[nodiscard]] QString load();
    const std::optional<JournalRecord>& record() const { return m_record; }
    bool isOfThisBoot() const { return m_record && m_record->bootId == m_bootId; }
    /// Those that are in force.
    QList<systemdns::MechanismId> mechanisms() const;
    /// Those on standby, too.
    QList<systemdns::MechanismId> watched() const;

    /// Gives back what there is of an earlier lease; then captures, journals, applies. Empty, or
    /// why nothing was changed in the end. standby: Detection's.
    [[nodiscard]] QString take(const systemdns::Target& target,
                               const QList<systemdns::MechanismId>& chosen, WhenLost whenLost,
                               const QList<systemdns::MechanismId>& standby = {});
    /// The system's look-ups came to us. Empty, or why the journal could not be written.
    [[nodiscard]] QString hold();
    [[nodiscard]] QString setWhenLost(WhenLost whenLost);

    struct Verdict {
        systemdns::Standing::Holder holder = systemdns::Standing::Holder::Us;
        QString who;
        systemdns::MechanismId mechanism = systemdns::MechanismId::PlainFile;
        bool mayBeAgents = false; ///< see systemdns::Standing
        bool asBefore = false;    ///< see systemdns::Standing
        bool mayReturn = false;   ///< likewise
    };
    /// Who holds the system's DNS, over all mechanisms: a VPN before a person before an agent.
    /// Newest values of agents go into the journal.
    Verdict look();
    /// Applies once more what agents have undone, and what was on standby where they made it lead
    /// elsewhere. Empty, or why it could not be.
    [[nodiscard]] QString applyAgain();

    /// Somebody else has won: theirs stays, the rest of ours goes, and nothing earlier will ever
    /// come back over theirs.
    /// Empty, or what of ours still stands beside theirs.
    [[nodiscard]] QString yieldTo(const Verdict& winner, const QString& kind);
    /// The rest of that, once more. Empty, or what of ours still stands beside theirs.
    [[nodiscard]] QString finishYield();
    /// Yielded: who holds now what the winner took.
    Verdict lookAtWinner() const;
    /// Yielded to a VPN, as far as the record knows.
    bool isYieldedToVpn() const;

    /// Restores what is of ours, in the opposite order, and closes the journal. Empty, or what
    /// could not be restored; then the journal stays, and the call can be repeated. It also stays,
    /// Yielded, while a VPN may bring back what was ours.
    [[nodiscard]] QString giveBack();
    /// Closes a journal that cannot be read.
    [[nodiscard]] QString forget();

private:
    systemdns::Mechanism* mechanism(systemdns::MechanismId id) const;
    std::variant<JournalRecord::Entry, systemdns::Fault> captured(systemdns::MechanismId id) const;
    systemdns::Standing standing(const JournalRecord::Entry& entry) const;
    bool stands(const JournalRecord::Entry& entry) const;
    QString markTouched(JournalRecord::Entry& entry);
    void endStandby();
    QString store();
    std::optional<Verdict> vpnInForce() const;
    void enterYielded(const Verdict& winner, const QString& kind);
    void enter(JournalRecord::Phase phase);
    QStringList restoreTouched();
    QString restore(JournalRecord::Entry& entry);
    QString undo(const QString& why);

    Journal& m_journal;
    const systemdns::Mechanisms& m_mechanisms;
    const Clock& m_clock;
    QString m_bootId;
    Steps m_steps;
    std::optional<JournalRecord> m_record;
    bool m_unstored = false; ///< the record is newer than the journal
};

} // namespace sotto::lease
