// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pause.h"

#include "core/texts.h"
#include "protocol/pause_end.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr qint64 kMinute = 60;
constexpr qint64 kHour = 60 * kMinute;

/// A second that has begun counts, so that the countdown does not stand at nothing.
qint64 secondsLeft(qint64 until, const QDateTime& now) {
    return std::max<qint64>(0, (until - now.toMSecsSinceEpoch() + 999) / 1000);
}

} // namespace

QString pauseLengthText(PauseLength length) {
    switch (length) {
    case PauseLength::FiveMinutes:
        return QCoreApplication::translate("sotto", "For 5 minutes");
    case PauseLength::OneHour:
        return QCoreApplication::translate("sotto", "For 1 hour");
    case PauseLength::UntilTomorrow:
        return QCoreApplication::translate("sotto", "Until tomorrow");
    case PauseLength::UntilRestart:
        return QCoreApplication::translate("sotto", "Until the service starts anew");
    }
    return {};
}

std::optional<qint64> pauseEnd(PauseLength length, const QDateTime& now) {
    switch (length) {
    case PauseLength::FiveMinutes:
        return now.addSecs(5 * kMinute).toMSecsSinceEpoch();
    case PauseLength::OneHour:
        return now.addSecs(kHour).toMSecsSinceEpoch();
    case PauseLength::UntilTomorrow:
        return protocol::startOfTomorrow(now).toMSecsSinceEpoch();
    case PauseLength::UntilRestart:
        break;
    }
    return std::nullopt;
}

QString pauseUntilText(qint64 until, const QDateTime& now) {
    if (until == 0)
        return QCoreApplication::translate("sotto", "until the service starts anew");
    const QDateTime end = QDateTime::fromMSecsSinceEpoch(until, now.timeZone());
    const QString time = QLocale().toString(end.time(), QLocale::ShortFormat);
    const qint64 days = now.date().daysTo(end.date());
    if (days == 0)
        return QCoreApplication::translate("sotto", "until %1", "a time of day").arg(time);
    if (days == 1)
        return QCoreApplication::translate("sotto", "until tomorrow, %1", "a time of day")
            .arg(time);
    return QCoreApplication::translate("sotto", "until %1, %2", "a date and a time of day")
        .arg(QLocale().toString(end.date(), QLocale::ShortFormat), time);
}

QString pauseLeftText(qint64 until, const QDateTime& now) {
    if (until == 0)
        return {};
    const qint64 seconds = secondsLeft(until, now);
    if (seconds >= kHour)
        return pauseMinutesLeftText(until, now);
    return QStringLiteral("%1:%2")
        .arg(seconds / kMinute)
        .arg(seconds % kMinute, 2, 10, QLatin1Char('0'));
}

QString pauseMinutesLeftText(qint64 until, const QDateTime& now) {
    if (until == 0)
        return {};
    const qint64 minutes = (secondsLeft(until, now) + kMinute - 1) / kMinute;
    return uptimeText(std::max<qint64>(1, minutes) * kMinute);
}

} // namespace sotto::app
