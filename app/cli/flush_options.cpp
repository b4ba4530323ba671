// SPDX-License-Identifier: GPL-3.0-or-later
#include "flush_options.h"

namespace sotto::cli {

std::optional<FlushOptions> FlushOptions::read(const QStringList& arguments) {
    FlushOptions options;
    for (const QString& argument : arguments) {
        if (argument == QLatin1String("--subtree"))
            options.subtree = true;
        else if (argument.startsWith(QLatin1Char('-')) || options.name)
            return std::nullopt;
        else
            options.name = argument;
    }
    if (options.subtree && !options.name)
        return std::nullopt;
    return options;
}

} // namespace sotto::cli
