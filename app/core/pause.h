// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

#include <array>
#include <optional>

/// Pausing as people speak of it. Ends are Unix milliseconds; 0 stands for the next start of the
/// service, as in protocol::Status::pausedUntil. Pure.
namespace sotto::app {

enum class PauseLength { FiveMinutes, OneHour, UntilTomorrow, UntilRestart };
inline constexpr std::array kPauseLengths{PauseLength::FiveMinutes, PauseLength::OneHour,
                                          PauseLength::UntilTomorrow, PauseLength::UntilRestart};

/// "For 5 minutes", "Until tomorrow", for a menu.
QString pauseLengthText(PauseLength length);
/// When a pause that begins now ends; nothing for UntilRestart.
std::optional<qint64> pauseEnd(PauseLength length, const QDateTime& now);

/// "until 15:30", "until tomorrow, 00:00", "until the service starts anew".
QString pauseUntilText(qint64 until, const QDateTime& now);
/// What is left, to the second in the last hour: "4:32", "1 h 5 min"; empty where no time ends it.
QString pauseLeftText(qint64 until, const QDateTime& now);
/// The same to the minute, rounded up: "5 min", "1 h 5 min".
QString pauseMinutesLeftText(qint64 until, const QDateTime& now);

} // namespace sotto::app
