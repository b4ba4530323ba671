// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/rate_history.h"

#include <QList>
#include <QWidget>

namespace sotto::app {

/// A line of queries a second over the last two minutes. Where nothing is known the line is
/// broken. The owner keeps the history alive and calls update().
class Sparkline : public QWidget {
    Q_OBJECT

public:
    explicit Sparkline(const RateHistory& history, QWidget* parent = nullptr);

    QSize sizeHint() const override { return {240, 96}; }
    QSize minimumSizeHint() const override { return {120, 72}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const RateHistory& m_history;
};

/// Bars of answer times in power-of-two buckets (element i counts [2^i, 2^(i+1)) microseconds).
class Histogram : public QWidget {
    Q_OBJECT

public:
    explicit Histogram(QWidget* parent = nullptr);

    void setCounts(const QList<qint64>& counts);
    QSize sizeHint() const override { return {320, 128}; }
    QSize minimumSizeHint() const override { return {200, 112}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<qint64> m_counts;
};

/// How full something is.
class FillBar : public QWidget {
    Q_OBJECT

public:
    explicit FillBar(QWidget* parent = nullptr);

    void setShare(double share);
    QSize sizeHint() const override { return {200, 12}; }
    QSize minimumSizeHint() const override { return {80, 12}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_share = 0;
};

} // namespace sotto::app
