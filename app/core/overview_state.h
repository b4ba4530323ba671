// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/app_state.h"
#include "core/forwarding_switch.h"
#include "core/service_connection.h"
#include "core/system_dns_text.h"

#include <QDateTime>
#include <QString>

#include <optional>

namespace sotto::app {

/// What the overview, the tray and the sidebar say, computed from the connection alone. Pure: the
/// same view always gives the same words.
struct OverviewState {
    /// What is known of the service at a moment.
    struct View {
        ServiceConnection::Link link = ServiceConnection::Link::Searching;
        std::optional<protocol::Status> status;
        protocol::Permission mayToggle = protocol::Permission::No;
        std::optional<ServiceConnection::Change> pending;
        ForwardingSwitch::Stage stage = ForwardingSwitch::Stage::Idle;
        QString whyNobodyAnswers; ///< while the stage is Asking
        QDateTime now = QDateTime::currentDateTime();
    };

    AppState state = AppState::Disconnected;
    QString headline; ///< a word or two
    QString sentence; ///< the truth about where answers come from
    QString detail;   ///< what does not work, or what to do; may be empty
    bool switchOn = false;
    bool switchEnabled = false;
    QString switchReason;  ///< why the switch cannot be used; empty while it can
    QString passwordHint;  ///< that the system asks for a password; empty where it does not
    QString systemDnsNote; ///< empty while the system's DNS is managed
    bool asks = false;     ///< whether to turn on nevertheless; sentence and detail say why
    Remedy remedy = Remedy::None;
    QString remedyText;    ///< for the remedy's button
    bool canPause = false; ///< it is on, and this person may
    bool isPaused = false;
    QString pauseLeft; ///< "4:32"; empty where it is not paused, or no time ends the pause

    static OverviewState of(const View& view);
    static View viewOf(const ServiceConnection& connection, const ForwardingSwitch& forwarding);
};

} // namespace sotto::app
