// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_options.h"

namespace sotto::cli {

std::optional<LogOptions> LogOptions::read(const QStringList& arguments) {
    LogOptions options;
    const QString linesOption = QStringLiteral("--lines");
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& argument = arguments[i];
        QString number;
        if (argument == QLatin1String("--follow") || argument == QLatin1String("-f")) {
            options.follow = true;
            continue;
        }
        if (argument == QLatin1String("--explain")) {
            options.explain = true;
            continue;
        }
        if (argument == linesOption || argument == QLatin1String("-n")) {
            if (++i == arguments.size())
                return std::nullopt;
            number = arguments[i];
        } else if (argument.startsWith(linesOption + QLatin1Char('='))) {
            number = argument.mid(linesOption.size() + 1);
        }
        bool ok = false;
        options.lines = number.toInt(&ok);
        if (!ok || options.lines < 0)
            return std::nullopt;
    }
    return options;
}

} // namespace sotto::cli
