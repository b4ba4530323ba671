// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/pause_end.h"

#include <QTimeZone>

namespace sotto::protocol {

QDateTime startOfTomorrow(const QDateTime& now) {
    const QDate tomorrow = now.date().addDays(1);
    return now.timeSpec() == Qt::LocalTime ? tomorrow.startOfDay()
                                           : tomorrow.startOfDay(now.timeZone());
}

} // namespace sotto::protocol
