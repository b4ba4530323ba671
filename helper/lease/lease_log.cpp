// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/lease_log.h"

#include <cstdio>

namespace sotto::lease {

void logLine(const QString& text) {
    QString line = QStringLiteral("sotto-lease: ");
    for (const QChar c : text)
        line += c.isPrint() ? c : QLatin1Char('?');
    line += QLatin1Char('\n');
    const QByteArray octets = line.toUtf8();
    std::fwrite(octets.constData(), 1, static_cast<std::size_t>(octets.size()), stderr);
    std::fflush(stderr);
}

} // namespace sotto::lease
