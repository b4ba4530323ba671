// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/preferences.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace sotto::app {

/// What `sotto` was asked on its command line.
struct CommandLine {
    enum class Outcome { Run, Help, Version, Error };

    Outcome outcome = Outcome::Run;
    QString text; ///< what to print, for every outcome but Run

    QString socket;
    bool hidden = false;
    QString page; ///< empty, or one of pageNames()
    std::optional<ThemeChoice> theme;
    QString screenshots; ///< folder; empty: none

    /// Needs a QCoreApplication only for the program's name in the help text.
    static CommandLine parse(const QStringList& arguments);
    static QStringList pageNames();
};

} // namespace sotto::app
