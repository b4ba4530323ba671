// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QtGlobal>

#include <optional>

namespace sotto::app {

/// Queries a second over the last two minutes, from samples of a rising counter. Pure: the caller
/// gives the time.
///
/// A pause between samples longer than kGapMillis is not known to have been quiet: it leaves a
/// gap. A counter that falls belongs to another run of the service and starts anew.
class RateHistory {
public:
    static constexpr qint64 kSpanMillis = 120'000;
    static constexpr qint64 kGapMillis = 5'000;

    struct Point {
        qint64 time = 0;
        double rate = 0;
        bool afterGap = false; ///< nothing is known between this point and the one before
    };

    void add(qint64 timeMillis, qint64 count);
    void clear();

    const QList<Point>& points() const { return m_points; }
    std::optional<double> latest() const;
    double peak() const;

private:
    QList<Point> m_points;
    std::optional<qint64> m_lastCount;
    qint64 m_lastTime = 0;
};

} // namespace sotto::app
