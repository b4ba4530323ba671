// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

namespace sotto::service {

/// Rings once, at a time of the wall clock or after as long as that was ahead when it was set,
/// whichever comes first: right also where the computer sleeps meanwhile, or its clock is set. It
/// wakes no sleeping computer.
///
/// Thread: the one that made it.
class WakeTimer : public QObject {
    Q_OBJECT

public:
    explicit WakeTimer(QObject* parent = nullptr);
    ~WakeTimer() override;

    /// Unix milliseconds. Takes the place of an earlier time.
    void start(qint64 unixMillis);
    void stop();

signals:
    void rang();

private:
    class System;
    std::unique_ptr<System> m_system;
};

} // namespace sotto::service
