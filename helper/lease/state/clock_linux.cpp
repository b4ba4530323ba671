// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/clock.h"

#include <QDateTime>
#include <QFile>

#include <ctime>

namespace sotto::lease {

namespace {

qint64 millisOf(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<qint64>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

} // namespace

qint64 SystemClock::running() const {
    return millisOf(CLOCK_MONOTONIC);
}

qint64 SystemClock::asleep() const {
    // The later reading second: a moment between them is no sleep below zero.
    const qint64 running = millisOf(CLOCK_MONOTONIC);
    return millisOf(CLOCK_BOOTTIME) - running;
}

qint64 SystemClock::unixTime() const {
    return QDateTime::currentMSecsSinceEpoch();
}

QString currentBootId() {
    constexpr qint64 kLength = 36;
    QFile file(QStringLiteral("/proc/sys/kernel/random/boot_id"));
    return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.read(kLength)) : QString();
}

} // namespace sotto::lease
