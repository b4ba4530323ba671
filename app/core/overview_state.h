// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/app_state.h"
#include "core/service_connection.h"

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
        bool mayToggle = false;
        std::optional<bool> pendingForwarding;
    };

    AppState state = AppState::Disconnected;
    QString headline; ///< a word or two
    QString sentence; ///< the truth about where answers come from
    QString detail;   ///< what does not work, or what to do; may be empty
    bool switchOn = false;
    bool switchEnabled = false;
    QString switchReason;  ///< why the switch cannot be used; empty while it can
    QString systemDnsNote; ///< empty while the system's DNS is managed

    static OverviewState of(const View& view);
    static View viewOf(const ServiceConnection& connection);
};

} // namespace sotto::app
