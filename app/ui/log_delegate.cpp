// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log_delegate.h"

#include "models/log_model.h"
#include "ui/theme.h"

#include <QPainter>

namespace sotto::app {

QFont LogDelegate::heaviest(QFont font) {
    font.setWeight(QFont::DemiBold);
    return font;
}

void LogDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    const Colors& colors = Theme::colors();
    const QString text = index.data(Qt::DisplayRole).toString();
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, colors.accentSoft);
    QFont font = option.font;
    QColor ink = index.column() == LogModel::Name || index.column() == LogModel::Result
                     ? colors.text
                     : colors.muted;
    if (index.column() == LogModel::Result && text != QLatin1String("NOERROR")) {
        font = heaviest(font);
        ink = text == QLatin1String("NXDOMAIN") ? colors.warning : colors.bad;
    }
    painter->setFont(font);
    painter->setPen(ink);
    const QRect place = option.rect.adjusted(kSpace, 0, -kSpace, 0);
    const QFontMetrics metrics(font);
    const Qt::TextElideMode mode =
        index.column() == LogModel::Name ? Qt::ElideMiddle : Qt::ElideRight;
    const auto alignment = static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(place,
                      static_cast<int>(QStyle::visualAlignment(option.direction, alignment)) |
                          Qt::TextSingleLine,
                      metrics.elidedText(text, mode, place.width()));
    if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Active)) {
        painter->setPen(QPen(colors.accent, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

} // namespace sotto::app
