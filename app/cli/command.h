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
    const char* alias = nullptr;   ///< another name for it; null: none
    const char* allowed = nullptr; ///< said where the arguments are wrong: what is, with an example

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

/// Why a command does not accept these arguments, and what it accepts; in lines.
QString wrongArgumentsText(const Command& command, const QStringList& arguments);
/// The same of a word that is no command, and no option of all commands.
QString unknownCommandText(const QString& word);

QString helpText();
QString helpText(const Command& command);

} // namespace sotto::cli
