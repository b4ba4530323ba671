// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QTimer>

namespace sotto::lease {

/// Tells a supervisor how the process is, in the form of sd_notify(3). Silent where nobody asked.
class Supervisor {
public:
    Supervisor(QByteArray notifySocket, qint64 watchdogMicros);

    /// It is ready, and from now on alive as long as the event loop turns.
    void ready();
    void stopping() const { say("STOPPING=1"); }

private:
    void say(const QByteArray& message) const;

    QByteArray m_socket;
    QTimer m_alive;
};

} // namespace sotto::lease
