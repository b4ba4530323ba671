// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/system_scheme.h"

#include <QGuiApplication>
#include <QPalette>

namespace sotto::app {

SystemScheme::SystemScheme(QObject* parent)
    : QObject(parent)
    , m_dark(QGuiApplication::palette().color(QPalette::Window).lightness() <
             QGuiApplication::palette().color(QPalette::WindowText).lightness()) {}

} // namespace sotto::app
