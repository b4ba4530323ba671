// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace sotto::lease {

/// What a supervisor handed over (sd_notify(3), sd_listen_fds(3)).
struct HandedOver {
    QByteArray notifySocket; ///< empty: nobody wants to know
    qint64 watchdogMicros = 0;
    int listening = -1; ///< a descriptor; below 0: none
};

/// Makes a root process of its caller's choosing one of its own: whatever the environment and the
/// open descriptors were, only what a supervisor handed over is kept. Before the first use of Qt,
/// with one thread.
HandedOver startClean();

} // namespace sotto::lease
