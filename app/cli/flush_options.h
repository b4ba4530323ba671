// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace sotto::cli {

/// The arguments of "sottoctl flush".
struct FlushOptions {
    std::optional<QString> name; ///< nothing: every answer
    bool subtree = false;        ///< only with a name

    /// Nothing where they are wrong.
    static std::optional<FlushOptions> read(const QStringList& arguments);
};

} // namespace sotto::cli
