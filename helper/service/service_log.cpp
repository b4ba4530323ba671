// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/service_log.h"

#include <cstdio>

namespace sotto::service {

void logLine(const QString& text) {
    QString line = QStringLiteral("sottod: ");
    for (const QChar c : text)
        line += c.isPrint() ? c : QLatin1Char('?');
    line += QLatin1Char('\n');
    const QByteArray bytes = line.toUtf8();
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stderr);
    std::fflush(stderr);
}

} // namespace sotto::service
