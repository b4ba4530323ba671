// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pause_menu.h"

#include "core/pause.h"

#include <QMenu>

namespace sotto::app {

namespace {

QString nameOf(PauseLength length) {
    switch (length) {
    case PauseLength::FiveMinutes:
        return QStringLiteral("FiveMinutes");
    case PauseLength::OneHour:
        return QStringLiteral("OneHour");
    case PauseLength::UntilTomorrow:
        return QStringLiteral("UntilTomorrow");
    case PauseLength::UntilRestart:
        return QStringLiteral("UntilRestart");
    }
    return {};
}

} // namespace

void addPauseActions(QMenu& menu, const QString& prefix, ServiceConnection& connection) {
    for (const PauseLength length : kPauseLengths) {
        QAction* action = menu.addAction(pauseLengthText(length));
        action->setObjectName(prefix + nameOf(length));
        QObject::connect(action, &QAction::triggered, &connection, [&connection, length] {
            connection.pause(pauseEnd(length, QDateTime::currentDateTime()));
        });
    }
}

} // namespace sotto::app
