// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"
#include "systemdns/mechanism.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <variant>

namespace sotto::lease {

/// What the keeper must know to give the system's DNS back, whatever happened meanwhile. Plain
/// values; names mechanisms, never paths.
struct JournalRecord {
    enum class Phase {
        Taking,     ///< mechanisms are being applied or verified
        Held,       ///< all are applied, and the system's look-ups reached us
        GivingBack, ///< mechanisms are being restored
        Yielded,    ///< somebody else's settings are in force
    };

    /// One mechanism, and what it had captured.
    struct Entry {
        systemdns::MechanismId id = systemdns::MechanismId::PlainFile;
        bool touched = false; ///< apply() may have run since
        QJsonObject before;

        bool operator==(const Entry&) const = default;
    };

    static constexpr qsizetype kMaxBeforeOctets = 64 * 1024;
    static constexpr qsizetype kMaxWinnerLength = 200;

    qint64 generation = 0; ///< grows with every write
    Phase phase = Phase::Taking;
    QString bootId; ///< of the boot in which it was written
    systemdns::Target target;
    WhenLost whenLost = WhenLost::Open;
    QList<Entry> entries; ///< in the order in which they are applied
    QString winner;       ///< Yielded: who took over, for people
    QString winnerKind;   ///< Yielded: as in a Report
    QString winnerMechanism;
    qint64 since = 0; ///< when the phase began, Unix milliseconds

    /// Captured and watched beside systemd-resolved, but not applied as long as programs that go by
    /// it come to that. (While the lease is being taken, also one whose turn is yet to come.)
    bool isOnStandby(const Entry& entry) const {
        return !entry.touched && (phase == Phase::Taking || phase == Phase::Held);
    }

    bool operator==(const JournalRecord&) const = default;
};

/// Why octets are no record, in a sentence for people, without a full stop.
struct JournalDamage {
    QString reason;
};

/// One line with a version, a SHA-256 and a length, then the record as JSON.
QByteArray writtenRecord(const JournalRecord& record);

/// Reads what writtenRecord() gives and nothing else: octets that differ from it in any way, and
/// values that this program would not write, are damage.
std::variant<JournalRecord, JournalDamage> readRecord(const QByteArray& octets);

/// Empty where what a mechanism captured can be kept; else why not.
QString faultOfBefore(const QJsonObject& before);

} // namespace sotto::lease
