// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/share_bars.h"

#include "core/texts.h"
#include "ui/theme.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr int kCountShownFrom = 260;
constexpr int kBarHeight = 8;
constexpr int kShortestBar = 24;

} // namespace

ShareBars::ShareBars(int parts, QWidget* parent)
    : QWidget(parent)
    , m_parts(parts) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

int ShareBars::rowHeight() const {
    return fontMetrics().height() + kSpace * 3 / 4;
}

QSize ShareBars::sizeHint() const {
    return {320, m_parts * rowHeight()};
}

QSize ShareBars::minimumSizeHint() const {
    return {140, m_parts * rowHeight()};
}

QString ShareBars::nameOf(const Share& share) const {
    return share.name.isEmpty() ? tr("others") : share.name;
}

double ShareBars::partOf(const Share& share) const {
    return static_cast<double>(share.count) / static_cast<double>(m_total);
}

void ShareBars::setShares(const QList<Share>& shares) {
    if (m_shares == shares)
        return;
    m_shares = shares;
    m_total = 0;
    for (const Share& share : shares)
        m_total += share.count;
    QStringList parts;
    for (const Share& share : shares)
        parts.append(tr("%1: %2, %3", "a part of a whole, its share, its count")
                         .arg(nameOf(share), shareText(partOf(share)), countText(share.count)));
    setAccessibleDescription(parts.join(QStringLiteral("; ")));
    update();
}

void ShareBars::paintEvent(QPaintEvent*) {
    const Colors& colors = Theme::colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_total <= 0) {
        painter.setPen(colors.muted);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, tr("Nothing was counted yet"));
        return;
    }
    const QFontMetrics metrics = painter.fontMetrics();
    const bool showCounts = width() >= kCountShownFrom;
    // A text is cut where it has not a little more room than it takes.
    const auto widthOf = [&](const QString& text) { return metrics.horizontalAdvance(text) + 2; };
    int nameWidth = widthOf(QStringLiteral("HTTPS"));
    int countWidth = 0;
    int percentWidth = 0;
    for (const Share& share : m_shares) {
        nameWidth = std::max(nameWidth, widthOf(nameOf(share)));
        countWidth = std::max(countWidth, widthOf(countText(share.count)));
        percentWidth = std::max(percentWidth, widthOf(shareText(partOf(share))));
    }
    const int right = percentWidth + kSpace + (showCounts ? countWidth + kSpace * 2 : 0);
    nameWidth = std::min(nameWidth, width() - right - kShortestBar - kSpace);
    const int barWidth = std::max(kShortestBar, width() - nameWidth - kSpace - right);
    // Places are given for left to right, and mirrored where that is not the direction.
    const auto place = [&](int x, int y, int wide, int tall) {
        return QRect(layoutDirection() == Qt::RightToLeft ? width() - x - wide : x, y, wide, tall);
    };
    const auto leading = QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft);
    const auto trailing = QStyle::visualAlignment(layoutDirection(), Qt::AlignRight);
    for (qsizetype i = 0; i < m_shares.size(); ++i) {
        const Share& share = m_shares.at(i);
        const double part = partOf(share);
        const int top = static_cast<int>(i) * rowHeight();
        const int tall = rowHeight();
        painter.setPen(colors.text);
        painter.drawText(place(0, top, nameWidth, tall), leading | Qt::AlignVCenter,
                         metrics.elidedText(nameOf(share), Qt::ElideRight, nameWidth));
        const int barLeft = nameWidth + kSpace;
        const int barTop = top + (tall - kBarHeight) / 2;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.border);
        painter.drawRoundedRect(place(barLeft, barTop, barWidth, kBarHeight), 3, 3);
        painter.setBrush(colors.accent);
        const int filled = std::max(4, static_cast<int>(part * barWidth));
        painter.drawRoundedRect(place(barLeft, barTop, filled, kBarHeight), 3, 3);
        int x = barLeft + barWidth;
        if (showCounts) {
            painter.setPen(colors.muted);
            painter.drawText(place(x + kSpace, top, countWidth, tall), trailing | Qt::AlignVCenter,
                             countText(share.count));
            x += countWidth + kSpace * 2;
        }
        painter.setPen(colors.text);
        painter.drawText(place(x + kSpace, top, percentWidth, tall), trailing | Qt::AlignVCenter,
                         shareText(part));
    }
}

} // namespace sotto::app
