// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/labels.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QEvent>
#include <QPainter>

namespace sotto::app {

QLabel* plainLabel(const QString& objectName, TextRole role, QWidget* parent, const QString& text) {
    auto* label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    QFont font = label->font();
    const qreal base = font.pointSizeF() > 0 ? font.pointSizeF() : 10;
    switch (role) {
    case TextRole::Title:
        font.setPointSizeF(base * 1.7);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Headline:
        font.setPointSizeF(base * 1.5);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Heading:
        font.setPointSizeF(base * 1.05);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Value:
        font.setPointSizeF(base * 1.45);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Muted:
        label->setProperty("muted", true);
        break;
    case TextRole::Body:
        break;
    }
    label->setFont(font);
    label->setWordWrap(role == TextRole::Body || role == TextRole::Muted);
    return label;
}

void makeSelectable(QLabel* label) {
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
}

QFrame* card(const QString& objectName, QWidget* parent) {
    auto* frame = new QFrame(parent);
    frame->setObjectName(objectName);
    frame->setProperty("card", true);
    return frame;
}

IconLabel::IconLabel(const QString& icon, Tint tint, int size, QWidget* parent)
    : QLabel(parent)
    , m_icon(icon)
    , m_tint(tint)
    , m_size(size) {
    setFixedSize(size, size);
    render();
}

void IconLabel::setIcon(const QString& icon, Tint tint) {
    m_icon = icon;
    m_tint = tint;
    render();
}

void IconLabel::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        render();
}

void IconLabel::render() {
    const Colors& colors = Theme::colors();
    QColor color = colors.text;
    switch (m_tint) {
    case Tint::Text:
        break;
    case Tint::Muted:
        color = colors.muted;
        break;
    case Tint::Accent:
        color = colors.accent;
        break;
    case Tint::Warning:
        color = colors.warning;
        break;
    case Tint::Bad:
        color = colors.bad;
        break;
    case Tint::Good:
        color = colors.good;
        break;
    }
    setPixmap(linePixmap(m_icon, color, m_size, devicePixelRatioF()));
}

QPixmap stateDot(const QColor& color, bool filled, bool cross, qreal devicePixelRatio) {
    constexpr int kSize = 12;
    QPixmap pixmap(QSize(kSize, kSize) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap));
    if (cross) {
        painter.drawLine(QPointF(2.5, 2.5), QPointF(9.5, 9.5));
        painter.drawLine(QPointF(9.5, 2.5), QPointF(2.5, 9.5));
        return pixmap;
    }
    if (filled)
        painter.setBrush(color);
    painter.drawEllipse(QRectF(2, 2, 8, 8));
    return pixmap;
}

} // namespace sotto::app
