// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <optional>

namespace sotto::cli {

/// The arguments of "sottoctl log".
struct LogOptions {
    static constexpr int kDefaultLines = 20;

    bool follow = false;
    bool explain = false;
    int lines = kDefaultLines;

    /// Nothing where they are wrong.
    static std::optional<LogOptions> read(const QStringList& arguments);
};

} // namespace sotto::cli
