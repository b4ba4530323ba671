// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider_delegate.h"

#include "core/texts.h"
#include "models/provider_model.h"
#include "ui/icons.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr int kBox = 20;
constexpr int kMargin = 12;

QFont smallFont(const QFont& font) {
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() * 0.92);
    return small;
}

void paintBox(QPainter& painter, const QRect& box, int place, bool usable, const Colors& colors) {
    const QRectF frame = QRectF(box).adjusted(1, 1, -1, -1);
    const QColor ink = usable ? colors.accent : colors.muted;
    painter.setPen(QPen(place > 0 ? ink : (usable ? colors.control : colors.border), 1.6));
    painter.setBrush(place > 0 ? QBrush(ink) : QBrush(colors.surface));
    painter.drawRoundedRect(frame, 5, 5);
    if (place == 0)
        return;
    painter.setPen(QPen(usable ? colors.onAccent : colors.surface, 2.2, Qt::SolidLine, Qt::RoundCap,
                        Qt::RoundJoin));
    const QPointF points[] = {{frame.left() + 4, frame.center().y() + 0.5},
                              {frame.left() + 7.4, frame.bottom() - 4.6},
                              {frame.right() - 3.8, frame.top() + 5}};
    painter.drawPolyline(points, 3);
}

QString factsText(const protocol::Provider& provider, const ProviderLive& live, bool own) {
    QStringList facts{own ? ProviderDelegate::tr("Your own server") : filterText(provider.filter)};
    if (!live.route.isEmpty())
        facts.append(ProviderDelegate::tr("for %1", "the names below a zone").arg(live.route));
    if (!provider.country.isEmpty())
        facts.append(countryText(provider.country));
    if (provider.dnssec.value_or(false))
        facts.append(QStringLiteral("DNSSEC"));
    if (provider.noLog.value_or(false))
        facts.append(ProviderDelegate::tr("no logs"));
    return facts.join(QStringLiteral(" · "));
}

} // namespace

ProviderDelegate::ProviderDelegate(QObject* parent)
    : QStyledItemDelegate(parent) {}

QRect ProviderDelegate::boxRect(const QRect& row, Qt::LayoutDirection direction) {
    return QStyle::visualRect(
        direction, row,
        QRect(row.left() + kMargin, row.top() + (row.height() - kBox) / 2, kBox, kBox));
}

QSize ProviderDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const int lines =
        QFontMetrics(option.font).height() + QFontMetrics(smallFont(option.font)).height();
    return {200, lines + 2 * kSpace + 2};
}

void ProviderDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    const Colors& colors = Theme::colors();
    const auto provider = index.data(ProviderModel::ProviderRole).value<protocol::Provider>();
    const auto live = index.data(ProviderModel::LiveRole).value<ProviderLive>();
    const int place = index.data(ProviderModel::PlaceRole).toInt();
    const Qt::LayoutDirection direction = option.direction;
    const auto visual = [&](const QRect& rect) {
        return QStyle::visualRect(direction, option.rect, rect);
    };
    const auto aligned = [&](Qt::Alignment alignment) {
        return QStyle::visualAlignment(direction, alignment) | Qt::AlignVCenter;
    };

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(option.rect);
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, colors.accentSoft);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, colors.window);
    painter->setPen(colors.border);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Active)) {
        painter->setPen(QPen(colors.accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(QRectF(option.rect).adjusted(1, 1, -1, -2));
    }
    const bool own = index.data(ProviderModel::OwnRole).toBool();
    if (own)
        painter->drawPixmap(boxRect(option.rect, direction),
                            linePixmap(QStringLiteral("providers"), colors.muted, kBox,
                                       painter->device()->devicePixelRatioF()));
    else
        paintBox(*painter, boxRect(option.rect, direction), place,
                 index.flags() & Qt::ItemIsUserCheckable, colors);

    const int left = option.rect.left() + kMargin + kBox + kMargin;
    int right = option.rect.right() - kMargin;
    const QFont small = smallFont(option.font);
    const QFontMetrics smallMetrics(small);
    if (live.inUse) {
        const QString state = live.rttMillis > 0 && live.state != protocol::UpstreamState::Failing
                                  ? durationText(live.rttMillis)
                                  : upstreamStateText(live.state);
        const int width = smallMetrics.horizontalAdvance(state) + 2;
        const QRect text(right - width, option.rect.top(), width, option.rect.height());
        const QRect dot(text.left() - 12 - 6, option.rect.center().y() - 6, 12, 12);
        painter->setFont(small);
        painter->setPen(colors.muted);
        painter->drawText(visual(text), static_cast<int>(aligned(Qt::AlignRight)), state);
        painter->drawPixmap(visual(dot).topLeft(),
                            stateDot(colors.of(live.state),
                                     live.state == protocol::UpstreamState::Ready,
                                     live.state == protocol::UpstreamState::Failing,
                                     painter->device()->devicePixelRatioF()));
        right = dot.left() - kSpace;
    }

    QFont nameFont = option.font;
    nameFont.setWeight(QFont::DemiBold);
    const QFontMetrics nameMetrics(nameFont);
    const int top = option.rect.top() + kSpace;
    const QString orderText =
        place > 0 ? tr("no. %1", "place in the order of choosing").arg(place) : QString();
    const int orderWidth =
        orderText.isEmpty() ? 0 : smallMetrics.horizontalAdvance(orderText) + kSpace;
    const QRect name(left, top, right - left - orderWidth, nameMetrics.height());
    const QString shown = nameMetrics.elidedText(provider.name, Qt::ElideRight, name.width());
    painter->setFont(nameFont);
    painter->setPen(colors.text);
    painter->drawText(visual(name), static_cast<int>(aligned(Qt::AlignLeft)), shown);
    if (!orderText.isEmpty()) {
        const QRect order(left + nameMetrics.horizontalAdvance(shown) + kSpace, top, orderWidth,
                          nameMetrics.height());
        painter->setFont(small);
        painter->setPen(colors.accent);
        painter->drawText(visual(order), static_cast<int>(aligned(Qt::AlignLeft)), orderText);
    }

    QRect line(left, top + nameMetrics.height() + 2, right - left, smallMetrics.height());
    painter->setFont(small);
    if (live.inUse && !live.encrypted) {
        const QString mark = tr("unencrypted");
        const int width = std::min(smallMetrics.horizontalAdvance(mark), line.width());
        painter->setPen(colors.warning);
        painter->drawText(visual(QRect(line.left(), line.top(), width, line.height())),
                          static_cast<int>(aligned(Qt::AlignLeft)), mark);
        line.setLeft(line.left() + width + kSpace);
    }
    painter->setPen(colors.muted);
    painter->drawText(
        visual(line), static_cast<int>(aligned(Qt::AlignLeft)),
        smallMetrics.elidedText(factsText(provider, live, own), Qt::ElideRight, line.width()));
    painter->restore();
}

bool ProviderDelegate::editorEvent(QEvent* event, QAbstractItemModel* model,
                                   const QStyleOptionViewItem& option, const QModelIndex& index) {
    if (!(index.flags() & Qt::ItemIsUserCheckable))
        return false;
    const auto toggle = [&] {
        const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    };
    switch (event->type()) {
    case QEvent::MouseButtonRelease: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QRect box = boxRect(option.rect, option.direction).adjusted(-8, -8, 8, 8);
        return mouse->button() == Qt::LeftButton && box.contains(mouse->position().toPoint()) &&
               toggle();
    }
    case QEvent::MouseButtonDblClick:
        return true; // its second release toggles again; the view must not edit
    case QEvent::KeyPress:
        return static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space && toggle();
    default:
        return false;
    }
}

} // namespace sotto::app
