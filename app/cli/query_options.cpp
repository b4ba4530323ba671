// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_options.h"

namespace sotto::cli {

std::optional<QueryOptions> QueryOptions::read(const QStringList& arguments) {
    QueryOptions options;
    QStringList words;
    for (const QString& argument : arguments) {
        if (argument == QLatin1String("--explain"))
            options.explain = true;
        else if (argument.startsWith(QLatin1String("--")))
            return std::nullopt;
        else
            words += argument;
    }
    if (words.isEmpty() || words.size() > 2)
        return std::nullopt;
    options.name = words.first();
    if (words.size() > 1)
        options.type = words[1];
    return options;
}

} // namespace sotto::cli
