// SPDX-License-Identifier: GPL-3.0-or-later
#include "status_text.h"

#include "pause_options.h"

#include <QObject>

namespace sotto::cli {

using protocol::Protection;

QString switchText(const protocol::Status& status, const QDateTime& now) {
    const QString still = status.stillAnswers
                              ? QObject::tr(", but answers until the system's DNS is given back")
                              : QString();
    if (status.pausedUntil)
        return QObject::tr("paused %1").arg(pauseText(*status.pausedUntil, now)) + still;
    switch (status.protection) {
    case Protection::Off:
        return status.stillAnswers ? QObject::tr("off") + still
                                   : QObject::tr("off: every query is refused");
    case Protection::Starting:
        return QObject::tr("on, no provider has answered yet");
    case Protection::Protected:
        return QObject::tr("on, queries are encrypted");
    case Protection::Trouble:
        return QObject::tr("on, but no provider answers");
    }
    return {};
}

} // namespace sotto::cli
