// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fake_system.h"
#include "lease/journal/state_directory.h"
#include "lease/state/lease.h"

#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace sotto::test {

inline const QStringList kEarlier{QStringLiteral("earlier service"),
                                  QStringLiteral("earlier file")};

/// Thrown where the keeper is to end as if it had been killed.
struct Killed {};

/// A computer with two settings and a state directory, and a keeper that can be ended and started
/// anew at any step.
class LeaseWorld {
public:
    static inline const QString kBootA = QStringLiteral("0a1b2c3d-0000-4000-8000-000000000001");
    static inline const QString kBootB = QStringLiteral("0a1b2c3d-0000-4000-8000-000000000002");

    LeaseWorld();

    /// A new process; an earlier one leaves no trace but on the disk and in the system.
    void startKeeper();
    void endKeeper();
    void reboot();
    QStringList contents() const { return {service.content, file.content}; }
    lease::Lease& lease() { return *m_keeper->lease; }
    lease::Report report() { return lease().report(); }

    QString stateFile(const QString& name) const { return m_dir.filePath(name); }
    bool hasJournal() const;

    static lease::Request request();
    /// Lets time pass, with all that becomes due and all answers.
    void advance(qint64 millis);
    /// Asks for the lease and waits for what becomes of it.
    QString take(const lease::Request& request = LeaseWorld::request());
    /// Somebody writes a setting, and the keeper may notice.
    void write(FakeSetting& setting, const QString& content, FakeSetting::Holder writer);

    /// Empty where all settings are what they were, or all are ours and somebody listens.
    QString faultOfEnd(const QStringList& earlier) const;

    FakeSetting service; ///< of the mechanism that comes first
    FakeSetting file;    ///< of the one that comes last
    FakeReach reach{{&service, &file}};
    FakeClock clock;
    QString bootId = kBootA;
    int steps = 0;      ///< that were passed
    int killAt = 0;     ///< the step at which the keeper is killed; 0: at none
    QStringList passed; ///< their names
    /// Runs in each of them, before the keeper may be killed.
    std::function<void()> atStep;
    lease::Journal& journal() { return *m_keeper->journal; }

private:
    struct Keeper {
        lease::StateDirectory directory;
        std::unique_ptr<lease::Journal> journal;
        systemdns::Mechanisms mechanisms;
        std::unique_ptr<lease::Switchover> switchover;
        std::unique_ptr<lease::Lease> lease;
    };

    QTemporaryDir m_dir;
    std::unique_ptr<Keeper> m_keeper;
};

/// What a setting says where it sends to what LeaseWorld::request() names.
inline const QString kOurs = FakeSetting::ours({LeaseWorld::request().addresses, 53});
inline const QStringList kBothOurs{kOurs, kOurs};

} // namespace sotto::test
