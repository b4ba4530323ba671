// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace sotto::service {

/// What sottod was started with.
struct CommandLine {
    enum class Action { Serve, ShowHelp, ShowVersion, Refuse };

    Action action = Action::Serve;
    QString text;       ///< the help, or why the arguments are refused
    QString configFile; ///< empty: none
    QString stateDirectory;
    QString socketPath;
    QString leaseSocketPath;
    QString user; ///< to become; empty: stay who it is
};

/// Reads the arguments (without the program's name) and fills in the defaults.
CommandLine readCommandLine(const QStringList& arguments);

} // namespace sotto::service
