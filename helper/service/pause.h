// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/wake_timer.h"

#include <optional>

namespace sotto::service {

/// For how long forwarding is paused. It is kept nowhere: a service that starts is not paused.
///
/// Thread: main.
class Pause : public QObject {
    Q_OBJECT

public:
    explicit Pause(QObject* parent = nullptr);

    bool isOn() const { return m_until.has_value(); }
    /// As protocol::Status::pausedUntil has it.
    std::optional<qint64> until() const { return m_until; }

    /// Until a time ahead, in Unix milliseconds; nothing: until the service starts anew.
    void begin(std::optional<qint64> until);
    void end();

signals:
    /// Its time has come; it is over.
    void over();

private:
    WakeTimer m_timer;
    std::optional<qint64> m_until;
};

} // namespace sotto::service
