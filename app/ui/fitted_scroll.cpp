// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fitted_scroll.h"

#include <QLayout>

#include <algorithm>

namespace sotto::app {

FittedScroll::FittedScroll(QWidget* parent)
    : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
}

void FittedScroll::setTallest(int height) {
    m_tallest = height;
    fit();
}

void FittedScroll::fit() {
    if (m_fitting)
        return;
    m_fitting = true;
    QMetaObject::invokeMethod(this, &FittedScroll::fitNow, Qt::QueuedConnection);
}

void FittedScroll::fitNow() {
    m_fitting = false;
    QLayout* content = widget()->layout();
    content->activate();
    const int wanted = content->totalHeightForWidth(width());
    setFixedHeight(std::clamp(wanted, 0, std::max(0, m_tallest)));
}

void FittedScroll::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    fit();
}

void FittedScroll::showEvent(QShowEvent* event) {
    QScrollArea::showEvent(event);
    fit();
}

} // namespace sotto::app
