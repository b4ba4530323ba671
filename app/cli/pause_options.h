// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QStringList>

#include <optional>

namespace sotto::cli {

/// The arguments of "sottoctl pause".
struct PauseOptions {
    enum class End { After, Tomorrow, Restart };

    End end = End::After;
    qint64 seconds = 5 * 60; ///< for After

    /// "5m", "1h30m", "2d", "tomorrow", "restart"; without an argument five minutes. Nothing where
    /// they are wrong: no time at all, or more than a year.
    static std::optional<PauseOptions> read(const QStringList& arguments);
    /// Unix milliseconds; nothing where only the service's next start ends it.
    std::optional<qint64> until(const QDateTime& now) const;
};

/// "until 15:30:05, 4 min left", "until 2026-11-28 00:00:00, 8 h 30 min left", "until the service
/// starts anew": a pause as protocol::Status has it, in now's time zone.
QString pauseText(qint64 until, const QDateTime& now);

} // namespace sotto::cli
