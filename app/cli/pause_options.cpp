// SPDX-License-Identifier: GPL-3.0-or-later
#include "pause_options.h"

#include "protocol/pause_end.h"

#include <QObject>
#include <QRegularExpression>
#include <QTimeZone>

#include <algorithm>
#include <array>

namespace sotto::cli {

namespace {

constexpr qint64 kMinute = 60;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;
constexpr qint64 kLongest = 366 * kDay;

/// "1d2h3m4s", each part once and in that order; -1 where it is none.
qint64 secondsOf(const QString& text) {
    static const QRegularExpression kDuration(
        QStringLiteral("^(?:(\\d{1,8})d)?(?:(\\d{1,8})h)?(?:(\\d{1,8})m)?(?:(\\d{1,8})s)?$"));
    const auto match = kDuration.match(text);
    if (!match.hasMatch())
        return -1;
    constexpr std::array kUnits{kDay, kHour, kMinute, qint64{1}};
    qint64 seconds = 0;
    for (int i = 0; i < static_cast<int>(kUnits.size()); ++i)
        seconds += match.captured(i + 1).toLongLong() * kUnits[static_cast<std::size_t>(i)];
    return seconds;
}

QString leftText(qint64 seconds) {
    if (seconds < kMinute)
        return QObject::tr("%1 s").arg(seconds);
    const qint64 minutes = (seconds + kMinute - 1) / kMinute;
    if (minutes < kHour / kMinute)
        return QObject::tr("%1 min").arg(minutes);
    return QObject::tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

} // namespace

std::optional<PauseOptions> PauseOptions::read(const QStringList& arguments) {
    PauseOptions options;
    if (arguments.isEmpty())
        return options;
    if (arguments.size() > 1)
        return std::nullopt;
    const QString& text = arguments.first();
    if (text == QLatin1String("tomorrow")) {
        options.end = End::Tomorrow;
    } else if (text == QLatin1String("restart")) {
        options.end = End::Restart;
    } else {
        options.seconds = secondsOf(text);
        if (options.seconds <= 0 || options.seconds > kLongest)
            return std::nullopt;
    }
    return options;
}

std::optional<qint64> PauseOptions::until(const QDateTime& now) const {
    switch (end) {
    case End::After:
        return now.addSecs(seconds).toMSecsSinceEpoch();
    case End::Tomorrow:
        return protocol::startOfTomorrow(now).toMSecsSinceEpoch();
    case End::Restart:
        break;
    }
    return std::nullopt;
}

QString pauseText(qint64 until, const QDateTime& now) {
    if (until == 0)
        return QObject::tr("until the service starts anew");
    const QDateTime end = QDateTime::fromMSecsSinceEpoch(until, now.timeZone());
    const QString time =
        end.toString(end.date() == now.date() ? QStringLiteral("HH:mm:ss")
                                              : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    const qint64 left = std::max<qint64>(0, (until - now.toMSecsSinceEpoch() + 999) / 1000);
    return QObject::tr("until %1, %2 left").arg(time, leftText(left));
}

} // namespace sotto::cli
