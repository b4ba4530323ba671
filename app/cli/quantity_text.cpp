// SPDX-License-Identifier: GPL-3.0-or-later
#include "quantity_text.h"

#include <QLocale>
#include <QObject>

#include <cmath>

namespace sotto::cli {

QString durationText(double millis) {
    // The limits are those at which the rounded number would need another digit.
    if (const double micros = std::round(millis * 1000); micros < 1000)
        return QObject::tr("%1 µs").arg(micros, 0, 'f', 0);
    if (millis < 99.95)
        return QObject::tr("%1 ms").arg(millis, 0, 'f', 1);
    if (millis < 999.5)
        return QObject::tr("%1 ms").arg(millis, 0, 'f', 0);
    return QObject::tr("%1 s").arg(millis / 1000, 0, 'f', 1);
}

QString sizeText(qint64 bytes) {
    QString text = QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat);
    return text.replace(QLatin1String(".0 "), QLatin1String(" "));
}

QString answersText(qint64 count) {
    return count == 1 ? QObject::tr("1 answer") : QObject::tr("%1 answers").arg(count);
}

} // namespace sotto::cli
