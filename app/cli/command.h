// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session.h"

#include <QStringList>

#include <vector>

namespace sotto::cli {

/// One thing that sottoctl can do.
struct Command {
    const char* name;
    const char* arguments; ///< for the usage line
    const char* summary;   ///< one line
    const char* details;   ///< more, for "COMMAND --help"
    /// Whether these arguments make sense; checked before anything is asked of the service.
    bool (*accepts)(const QStringList& arguments);
    ExitCode (*run)(Session& session, const QStringList& arguments);
    const char* alias = nullptr; ///< another name for it; null: none

    bool isCalled(const QString& word) const {
        return word == QLatin1String(name) || (alias && word == QLatin1String(alias));
    }
};

std::vector<Command> stateCommands();    ///< status, stats
std::vector<Command> systemCommands();   ///< enable, disable, pause, resume, system
std::vector<Command> providerCommands(); ///< providers, use
std::vector<Command> testCommands();     ///< test
std::vector<Command> logCommands();      ///< log
std::vector<Command> cacheCommands();    ///< flush, query
std::vector<Command> settingCommands();  ///< settings

std::vector<Command> allCommands();

QString helpText();
QString helpText(const Command& command);

} // namespace sotto::cli
