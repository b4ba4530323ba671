// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/meters.h"

#include "core/texts.h"
#include "ui/theme.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace sotto::app {

namespace {

/// The next round number at or above a value: 1, 2, 5, 10, 20, …
double roundedUp(double value) {
    double step = 1;
    for (;;) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            if (step * factor >= value)
                return step * factor;
        }
        step *= 10;
    }
}

QFont smallFont(const QFont& font) {
    QFont small = font;
    small.setPointSizeF(std::max(7.5, font.pointSizeF() * 0.85));
    return small;
}

} // namespace

Sparkline::Sparkline(const RateHistory& history, QWidget* parent)
    : QWidget(parent)
    , m_history(history) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void Sparkline::paintEvent(QPaintEvent*) {
    const Colors& colors = Theme::colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font()));
    const QFontMetrics metrics(painter.font());
    const double top = roundedUp(std::max(1.0, m_history.peak()));
    const QString topText = QLocale().toString(top, 'f', 0);
    const int labelWidth = metrics.horizontalAdvance(topText) + kSpace;
    QRectF plot(labelWidth, metrics.height() / 2.0 + 1, width() - labelWidth - 2,
                height() - 1.5 * metrics.height() - 6);
    if (plot.height() < 8 || plot.width() < 8)
        return;

    painter.setPen(QPen(colors.border, 1));
    painter.drawLine(plot.topLeft(), plot.topRight());
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.setPen(colors.muted);
    painter.drawText(
        QRectF(0, plot.top() - metrics.height() / 2.0, labelWidth - kSpace, metrics.height()),
        Qt::AlignRight | Qt::AlignVCenter, topText);
    painter.drawText(
        QRectF(0, plot.bottom() - metrics.height() / 2.0, labelWidth - kSpace, metrics.height()),
        Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(0));
    const QRectF axis(plot.left(), plot.bottom() + 4, plot.width(), metrics.height());
    painter.drawText(axis, Qt::AlignLeft | Qt::AlignTop, tr("2 min ago"));
    painter.drawText(axis, Qt::AlignRight | Qt::AlignTop, tr("now"));

    const auto& points = m_history.points();
    if (points.isEmpty())
        return;
    const qint64 end = points.last().time;
    const auto place = [&](const RateHistory::Point& point) {
        const double age =
            static_cast<double>(end - point.time) / static_cast<double>(RateHistory::kSpanMillis);
        return QPointF(plot.right() - age * plot.width(),
                       plot.bottom() - point.rate / top * plot.height());
    };
    QColor ground = colors.accent;
    ground.setAlphaF(0.18F);
    QPainterPath line;
    const auto finish = [&](const QPointF& first, const QPointF& last) {
        QPainterPath area = line;
        area.lineTo(last.x(), plot.bottom());
        area.lineTo(first.x(), plot.bottom());
        area.closeSubpath();
        painter.fillPath(area, ground);
        painter.setPen(QPen(colors.accent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPath(line);
    };
    QPointF first;
    QPointF last;
    for (qsizetype i = 0; i < points.size(); ++i) {
        const QPointF at = place(points.at(i));
        if (i == 0 || points.at(i).afterGap) {
            if (i > 0)
                finish(first, last);
            line = QPainterPath(at);
            first = at;
        } else {
            line.lineTo(at);
        }
        last = at;
    }
    finish(first, last);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.accent);
    painter.drawEllipse(last, 3, 3);
}

Histogram::Histogram(QWidget* parent)
    : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Histogram::setCounts(const QList<qint64>& counts) {
    if (m_counts == counts)
        return;
    m_counts = counts;
    update();
}

void Histogram::paintEvent(QPaintEvent*) {
    const Colors& colors = Theme::colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font()));
    const QFontMetrics metrics(painter.font());
    const QRectF plot(0, 4, width(), height() - metrics.height() - 10);
    const qint64 most =
        m_counts.isEmpty() ? 0 : *std::max_element(m_counts.begin(), m_counts.end());
    painter.setPen(QPen(colors.border, 1));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    if (most == 0) {
        painter.setPen(colors.muted);
        painter.drawText(plot, Qt::AlignCenter, tr("Nothing was counted yet"));
        return;
    }
    const qreal step = plot.width() / static_cast<qreal>(m_counts.size());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.accent);
    for (qsizetype i = 0; i < m_counts.size(); ++i) {
        if (m_counts.at(i) == 0)
            continue;
        const qreal share = static_cast<qreal>(m_counts.at(i)) / static_cast<qreal>(most);
        const qreal tall = std::max<qreal>(2, share * plot.height());
        const qreal gap = step > 6 ? 2 : 0.5;
        painter.drawRoundedRect(QRectF(plot.left() + step * static_cast<qreal>(i) + gap / 2,
                                       plot.bottom() - tall, step - gap, tall),
                                2, 2);
    }
    painter.setPen(colors.muted);
    for (const int bucket : {0, 5, 10, 15, 20, 25}) { // about 1 µs, 32 µs, 1 ms, 32 ms, 1 s, 32 s
        if (bucket >= m_counts.size())
            break;
        const double micros = std::ldexp(1.0, bucket);
        const QString text = micros < 1000  ? tr("%1 µs").arg(micros)
                             : micros < 1e6 ? tr("%1 ms").arg(std::floor(micros / 1000))
                                            : tr("%1 s").arg(std::floor(micros / 1e6));
        const qreal x = plot.left() + step * bucket;
        painter.drawLine(QPointF(x + 0.5, plot.bottom()), QPointF(x + 0.5, plot.bottom() + 3));
        painter.drawText(QRectF(x, plot.bottom() + 4, 64, metrics.height()),
                         Qt::AlignLeft | Qt::AlignTop, text);
    }
}

FillBar::FillBar(QWidget* parent)
    : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FillBar::setShare(double share) {
    m_share = std::clamp(share, 0.0, 1.0);
    update();
}

void FillBar::paintEvent(QPaintEvent*) {
    const Colors& colors = Theme::colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(colors.control, 1));
    painter.setBrush(colors.window);
    painter.drawRoundedRect(track, 5, 5);
    if (m_share <= 0)
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.accent);
    QRectF fill = track.adjusted(2, 2, -2, -2);
    fill.setWidth(std::max<qreal>(4, fill.width() * m_share));
    if (layoutDirection() == Qt::RightToLeft)
        fill.moveRight(track.right() - 2);
    painter.drawRoundedRect(fill, 3.5, 3.5);
}

} // namespace sotto::app
