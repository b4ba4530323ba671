// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/system_dns.h"
#include "service/system_dns/lease_client.h"
#include "service/system_dns/lease_target.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace sotto::service {

/// What the settings and the switch want of the system's DNS.
struct SystemDnsWish {
    bool manage = false;
    bool on = false; ///< forwarding is on and not paused
    LeaseTarget target;
    QString mechanism = QStringLiteral("auto");
    bool keepClosed = false;
    QString checkKey; ///< lease/contract/check_name.h

    bool operator==(const SystemDnsWish&) const = default;
};

/// Has the lease keeper do what is wanted: the system asks this service while it forwards and may
/// manage the system's DNS, and else whom it asked before. Where the keeper could not take the
/// lease, it is asked again after a while, and at once when the network changed.
///
/// Thread: main.
class SystemDns : public QObject {
    Q_OBJECT

public:
    static constexpr int kFirstRetryMillis = 5000;
    static constexpr int kLastRetryMillis = 600000;
    /// How long an ending service waits for the earlier settings to come back.
    static constexpr int kReleaseMillis = 3000;

    explicit SystemDns(const QString& socketPath, LeasePatience patience = {},
                       QObject* parent = nullptr);

    void want(const SystemDnsWish& wish);
    /// Takes the system's DNS also where somebody else took it over. Empty, or why that cannot be.
    [[nodiscard]] QString take();
    /// Somebody turns Sotto on, which it may be already: after root has given the settings back,
    /// that is the wish to have them again.
    void noteTurnedOn();
    void noteNetworkChange();
    /// Other addresses are listened at, which the system is not sent to: what does not ask us may
    /// have become less or more.
    void noteListening();

    /// Whether the system may be asking us, as far as we know.
    bool mayHold() const { return m_held || (m_wish.manage && !m_isKnown && m_asked); }
    /// Wants nothing from now on, whatever want() says; released() comes once the earlier settings
    /// are back, or cannot come back in time.
    void release();

    protocol::SystemDns status() const;

    using Explained = std::function<void(const protocol::SystemDnsExplanation&)>;
    /// Asks the lease keeper what it finds on this computer. done runs once, in some seconds at the
    /// latest; without findings where no keeper tells any. False where too many ask already.
    [[nodiscard]] bool explain(Explained done);

signals:
    void changed();
    /// mayHold() has become another.
    void holdChanged();
    void released();

private:
    bool wantsLease() const;
    void reconcile(bool takeOver = false);
    lease::Request applyRequest() const;
    void reported();
    void tryAgainLater(const lease::Report& report);
    void tellChange();
    bool isLeftBehind(const lease::Report& report) const;
    protocol::SystemDnsState state() const;
    QString reason() const;
    void finishRelease();

    LeaseClient m_client;
    SystemDnsWish m_wish;
    std::optional<lease::Request> m_asked; ///< the newest, without take_over
    bool m_isKnown = false;                ///< the keeper has told how it is, or cannot be asked
    bool m_held = false;                   ///< see mayHold()
    bool m_wasHolding = false;             ///< when that was told last
    bool m_releasing = false;
    bool m_released = false;
    QTimer m_again;
    int m_againMillis = kFirstRetryMillis;
    QTimer m_releaseLimit;
    QString m_logged;
    int m_explaining = 0;
};

} // namespace sotto::service
