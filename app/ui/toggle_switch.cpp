// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/toggle_switch.h"

#include "ui/theme.h"

#include <QPainter>
#include <QSignalBlocker>

namespace sotto::app {

namespace {

constexpr int kWidth = 96;
constexpr int kHeight = 52;
constexpr int kRing = 4; ///< room for the focus ring
constexpr int kSlideMillis = 120;

QColor between(const QColor& from, const QColor& to, qreal share) {
    const auto mix = [share](int a, int b) { return qRound(a + (b - a) * share); };
    return {mix(from.red(), to.red()), mix(from.green(), to.green()), mix(from.blue(), to.blue())};
}

} // namespace

ToggleSwitch::ToggleSwitch(QWidget* parent)
    : QAbstractButton(parent) {
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_slide.setDuration(kSlideMillis);
    m_slide.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_slide, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        m_place = value.toReal();
        update();
    });
}

QSize ToggleSwitch::sizeHint() const {
    return {kWidth + 2 * kRing, kHeight + 2 * kRing};
}

void ToggleSwitch::showState(bool on) {
    const QSignalBlocker blocker(this);
    setChecked(on);
}

void ToggleSwitch::checkStateSet() {
    QAbstractButton::checkStateSet();
    slide();
}

void ToggleSwitch::nextCheckState() {
    QAbstractButton::nextCheckState();
    slide();
}

void ToggleSwitch::slide() {
    const qreal target = isChecked() ? 1 : 0;
    m_slide.stop();
    if (!isVisible() || qFuzzyCompare(m_place + 1, target + 1)) {
        m_place = target;
        update();
        return;
    }
    m_slide.setStartValue(m_place);
    m_slide.setEndValue(target);
    m_slide.start();
}

bool ToggleSwitch::hitButton(const QPoint& position) const {
    return rect().contains(position);
}

void ToggleSwitch::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void ToggleSwitch::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void ToggleSwitch::paintEvent(QPaintEvent*) {
    const Colors& colors = Theme::colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (layoutDirection() == Qt::RightToLeft) {
        painter.translate(width(), 0);
        painter.scale(-1, 1);
    }
    const QRectF track((width() - kWidth) / 2.0, (height() - kHeight) / 2.0, kWidth, kHeight);
    if (hasFocus()) {
        painter.setPen(QPen(colors.accent, 2));
        painter.setBrush(Qt::NoBrush);
        const QRectF ring = track.adjusted(-3, -3, 3, 3);
        painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2);
    }
    QColor ground = between(colors.control, colors.accent, m_place);
    if (!isEnabled())
        ground = between(ground, colors.surface, 0.55);
    else if (underMouse())
        ground = colors.dark ? ground.lighter(108) : ground.darker(108);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(track, kHeight / 2.0, kHeight / 2.0);

    constexpr qreal kInset = 5;
    const qreal knobSize = kHeight - 2 * kInset;
    const qreal left = track.left() + kInset + m_place * (kWidth - 2 * kInset - knobSize);
    const QRectF knob(left, track.top() + kInset, knobSize, knobSize);
    const QColor mark = colors.dark && m_place > 0.5 ? colors.onAccent : QColor(Qt::white);
    painter.setPen(QPen(mark, 3, Qt::SolidLine, Qt::RoundCap));
    painter.setBrush(Qt::NoBrush);
    const qreal middle = track.center().y();
    if (m_place > 0.5)
        painter.drawLine(QPointF(track.left() + 24, middle - 8),
                         QPointF(track.left() + 24, middle + 8));
    else
        painter.drawEllipse(QPointF(track.right() - 25, middle), 7.5, 7.5);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(255, 255, 255, isEnabled() ? 255 : 190));
    painter.drawEllipse(knob);
}

} // namespace sotto::app
