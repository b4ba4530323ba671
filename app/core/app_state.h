// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sotto::app {

/// What the application shows at a glance: in the tray, on the switch, in the sidebar.
enum class AppState {
    Disconnected, ///< no usable connection to the service
    Off,          ///< forwarding is disabled
    Starting,     ///< on, but no provider was asked yet
    Protected,    ///< at least one provider answers over an authenticated connection
    Trouble,      ///< on, and no provider answers, or the system does not ask Sotto
    Paused,       ///< off for a while
};

} // namespace sotto::app
