// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"

#include <QFile>
#include <QPainter>

namespace sotto::app {

namespace {

constexpr int kSizes[] = {16, 20, 22, 24, 32, 40, 48, 64, 96, 128, 256};

QString pathOf(const QString& name, int size) {
    return QStringLiteral(":/icons/png/%1-%2.png").arg(name).arg(size);
}

QIcon shipped(const QString& name) {
    QIcon icon;
    for (const int size : kSizes) {
        if (const QString path = pathOf(name, size); QFile::exists(path))
            icon.addFile(path, {size, size});
    }
    return icon;
}

QPixmap tinted(QPixmap pixmap, const QColor& color) {
    QPainter painter(&pixmap);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), color);
    return pixmap;
}

QString nameOf(AppState state) {
    switch (state) {
    case AppState::Off:
        return QStringLiteral("tray-off");
    case AppState::Starting:
        return QStringLiteral("tray-starting");
    case AppState::Protected:
        return QStringLiteral("tray-protected");
    case AppState::Trouble:
        return QStringLiteral("tray-trouble");
    case AppState::Paused:
        return QStringLiteral("tray-paused");
    case AppState::Disconnected:
        break;
    }
    return QStringLiteral("tray-disconnected");
}

} // namespace

QIcon lineIcon(const QString& name, const QColor& color) {
    QIcon icon;
    for (const int size : kSizes) {
        if (const QString path = pathOf(name, size); QFile::exists(path))
            icon.addPixmap(tinted(QPixmap(path), color));
    }
    return icon;
}

QPixmap linePixmap(const QString& name, const QColor& color, int size, qreal devicePixelRatio) {
    const int wanted = qRound(size * devicePixelRatio);
    QPixmap best;
    for (const int candidate : kSizes) {
        const QString path = pathOf(name, candidate);
        if (!QFile::exists(path))
            continue;
        best = QPixmap(path);
        if (candidate >= wanted)
            break;
    }
    if (best.isNull())
        return best;
    best = tinted(best, color);
    if (best.width() != wanted)
        best = best.scaled(wanted, wanted, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    best.setDevicePixelRatio(devicePixelRatio);
    return best;
}

QIcon appIcon() {
    return shipped(QStringLiteral("sotto"));
}

QIcon trayIcon(AppState state) {
    return shipped(nameOf(state));
}

} // namespace sotto::app
