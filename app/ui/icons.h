// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/app_state.h"

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace sotto::app {

/// A line icon of resources/icons in the given colour, at every size it is shipped in.
QIcon lineIcon(const QString& name, const QColor& color);
/// The same at one size in device-independent pixels.
QPixmap linePixmap(const QString& name, const QColor& color, int size, qreal devicePixelRatio);

/// The application's own icon.
QIcon appIcon();
/// The icon of a state, told apart by shape.
QIcon trayIcon(AppState state);

} // namespace sotto::app
