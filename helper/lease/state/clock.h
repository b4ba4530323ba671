// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QtGlobal>

namespace sotto::lease {

/// The time as the lease needs it, in milliseconds. Tests bring their own.
class Clock {
public:
    virtual ~Clock() = default;

    virtual qint64 running() const = 0; ///< while the computer was awake, since any start
    virtual qint64 asleep() const = 0;  ///< for which it slept, since the same start
    virtual qint64 unixTime() const = 0;
};

/// CLOCK_MONOTONIC, CLOCK_BOOTTIME and the wall clock.
class SystemClock : public Clock {
public:
    qint64 running() const override;
    qint64 asleep() const override;
    qint64 unixTime() const override;
};

/// What the kernel calls this boot; another one after every boot. Empty where it does not say.
QString currentBootId();

} // namespace sotto::lease
