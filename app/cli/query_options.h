// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace sotto::cli {

/// The arguments of "sottoctl query".
struct QueryOptions {
    bool explain = false;
    QString name;
    QString type = QStringLiteral("A");

    /// Nothing where they are wrong.
    static std::optional<QueryOptions> read(const QStringList& arguments);
};

} // namespace sotto::cli
