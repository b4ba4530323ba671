// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"
#include "lease/state/contest.h"
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
/// that is tried again. Has no timer and no socket: the owner calls tick() at nextTick().
///
/// Thread: the one of the mechanisms. Calls may wait some seconds for a daemon.
class Lease : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 kVerifyFor = 5'000;
    static constexpr qint64 kVerifyPause = 250;
    static constexpr qint64 kSettle = 250; ///< changes come in bursts
    static constexpr qint64 kRetryGivingBack = 5'000;

    /// All stay the caller's.
    Lease(Switchover& switchover, const systemdns::Mechanisms& mechanisms, Reach& reach,
          const Clock& clock);
    ~Lease() override;

    /// Goes on where an earlier process ended.
    void resume();
    /// Apply. Empty, or why the request is refused as it is; what becomes of it is in the report.
    [[nodiscard]] QString take(const Request& request);
    /// Restore, in whatever state.
    void giveBack();
    /// Whether the service that asked for the lease is connected.
    void setServiceConnected(bool connected);
    /// Describe: looks which mechanisms this computer has, for the addresses, the port and the
    /// mechanism of the request where it names addresses, else for those of the lease. Empty, or
    /// why that cannot be.
    [[nodiscard]] QString lookAround(const Request& request);

    void tick();
    std::optional<qint64> nextTick() const; ///< in the milliseconds of Clock::running()

    Report report() const;
    /// Nothing of ours is in the system, and nothing is being done.
    bool isIdle() const;

signals:
    void changed(); ///< report() has news
    void planned(); ///< nextTick() may be another

private:
    using Answer = Reach::Answer;

    void enter(State state, const QString& fault = {});
    QString refusal(const Request& request) const;
    void begin(const Request& request);
    void applyNow();
    void verify();
    void onSystemAnswer(const Answer& answer);
    void onVerified();
    void onNotVerified(const QString& reason);
    void becomeHeld();
    void askListener();
    void onListenerAnswer(const Answer& answer, SilenceWatch::Moment asked);
    void lookAtSystem();
    void lookAtWinner();
    void settleAgent(const Switchover::Verdict& verdict);
    void yieldTo(const Switchover::Verdict& verdict, const QString& kind);
    void endWith(State state, const QString& reason);
    void resumeHeld();
    void watchMechanisms();
    void lookFor(const systemdns::Target& target, const QString& mechanism);
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
    bool m_isDamaged = false; ///< the journal cannot be read
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
    std::optional<qint64> m_lookAt;
    std::optional<qint64> m_retryAt;
};

} // namespace sotto::lease
