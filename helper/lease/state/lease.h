// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"
#include "lease/state/contest.h"
#include "lease/state/leftovers.h"
#include "lease/state/reach.h"
#include "lease/state/silence_watch.h"
#include "lease/state/switchover.h"

#include <QObject>
#include <QSet>

#include <memory>

namespace sotto::lease {

/// The lease's states and what leads from one to the next:
///
///     Free ── apply ──▶ Taking ── verified ──▶ Held ◀── answered, or not ──▶ Unanswered
///      ▲                  │                    │  ▲                             │
///      ├── not reached ───┘      theirs stays  ▼  │ it has ended                │
///      ├── restore ────────────────────────── Yielded                          │
///      └── nobody answered for ten seconds, and Open ──────────────────────────┘
///
/// Failed is Free with a reason; or, where something could not be given back, the state in which
/// that is tried again; or the one where settings of ours stand without a record, until a person
/// has replaced them. Has no timer and no socket: the owner calls tick() at nextTick().
///
/// Thread: the one of the mechanisms. Calls may wait some seconds for a daemon.
class Lease : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 kVerifyFor = 5'000;
    static constexpr qint64 kVerifyPause = 250;
    static constexpr qint64 kSettle = 250; ///< changes come in bursts
    /// How long an agent has to tell that what looks like a person's is its own.
    static constexpr qint64 kUnsureFor = 3'000;
    static constexpr qint64 kRetryGivingBack = 5'000;
    static constexpr qint64 kCoverPause = 1'000; ///< between two looks at what is covered

    /// All stay the caller's.
    Lease(Switchover& switchover, const systemdns::Mechanisms& mechanisms, Reach& reach,
          const Clock& clock);
    ~Lease() override;

    /// Goes on where an earlier process ended.
    void resume();
    /// Apply. Empty, or why the request is refused as it is; what becomes of it is in the report.
    [[nodiscard]] QString take(const Request& request);
    /// Restore, in whatever state. keptFree: it stays so until Sotto is told to take over.
    void giveBack(bool keptFree = false);
    /// Removes a record that cannot be read. Empty, or why that was not possible.
    [[nodiscard]] QString forget();
    bool isDamaged() const { return !m_damage.isEmpty(); }
    bool isKeptFree() const { return m_keptFree; }
    /// Whether the service that asked for the lease is connected.
    void setServiceConnected(bool connected);
    /// Describe: looks which mechanisms this computer has, for the addresses, the port and the
    /// mechanism of the request where it names addresses, else for those of the lease. Empty, or
    /// why that cannot be.
    [[nodiscard]] QString lookAround(const Request& request);
    /// Interfaces or addresses have changed: so may have what is covered.
    void noteLinks();
    /// Look-ups may end elsewhere though nobody touched what is ours: another network, the end of a
    /// sleep, another nsswitch.conf(5). They are verified again.
    void noteSurroundings();

    void tick();
    std::optional<qint64> nextTick() const; ///< in the milliseconds of Clock::running()

    Report report() const;
    /// Nothing is being done, and nothing needs to be watched while nobody is connected.
    bool isIdle() const;

signals:
    void changed(); ///< report() has news
    void planned(); ///< nextTick() may be another

private:
    using Answer = Reach::Answer;

    void enter(State state, const QString& fault = {});
    QString refusal(const Request& request) const;
    void begin(const Request& request);
    void applyNow(const QList<systemdns::MechanismId>& chosen,
                  const QList<systemdns::MechanismId>& standby);
    void verify();
    void verifyAgain();
    void onSystemAnswer(const Answer& answer);
    void onVerified();
    void onNotVerified(const QString& reason);
    void becomeHeld();
    void askListener();
    void onListenerAnswer(const Answer& answer, SilenceWatch::Moment asked);
    void lookAtSystem();
    bool waitsForAgent(const Switchover::Verdict& verdict);
    void lookAtWinner();
    void settleAgent(const Switchover::Verdict& verdict);
    void yieldTo(const Switchover::Verdict& verdict, const QString& kind);
    void stayYielded(const QString& left);
    void endWith(State state, const QString& reason);
    void rest(State state, const QString& reason);
    bool isOnlyWaiting() const;
    bool isInTheWay(systemdns::MechanismId id) const { return m_left.mechanisms.contains(id); }
    QString damageText() const;
    void resumeHeld();
    void watchMechanisms(const QList<systemdns::MechanismId>& ids);
    void lookFor(const systemdns::Target& target, const QString& mechanism);
    void lookSoon();
    void refreshCoverage();
    systemdns::Target targetToLookFor() const;
    QString whatToLookAt() const;
    void turn();
    SilenceWatch::Moment now() const { return {m_clock.running(), m_clock.asleep()}; }
    /// A handler that does nothing once the lease has turned to something else, or is gone.
    Reach::Handler whileCurrent(std::function<void(const Answer&)> handler);

    Switchover& m_switchover;
    const systemdns::Mechanisms& m_mechanisms;
    Reach& m_reach;
    const Clock& m_clock;

    State m_state = State::Free;
    QString m_fault;
    qint64 m_since = 0;
    QString m_damage;        ///< why the journal cannot be read; empty: it can
    bool m_keptFree = false; ///< see giveBack()
    Leftovers m_left;        ///< while there is no record that can be used
    std::optional<Request> m_wanted;
    systemdns::Target m_target;
    systemdns::Detection m_detection;
    systemdns::Coverage m_coverage;
    SilenceWatch m_silence;
    Contest m_contest;
    bool m_serviceConnected = false;
    QSet<const systemdns::Mechanism*> m_watched;

    std::shared_ptr<quint64> m_turn = std::make_shared<quint64>(0);
    std::optional<qint64> m_verifyUntil; ///< look-ups are being tried
    std::optional<qint64> m_verifyAt;
    bool m_verifyNext = false; ///< what is asked already does not count
    std::optional<qint64> m_lookAt;
    std::optional<qint64> m_coverAt;
    qint64 m_coveredAt = -kCoverPause;
    std::optional<qint64> m_retryAt;
    std::optional<qint64> m_unsureUntil;
};

} // namespace sotto::lease
