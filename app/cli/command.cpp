// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "table.h"

namespace sotto::cli {

namespace {

/// "log [--follow] [--lines N]"
QString invocation(const Command& command) {
    return QStringLiteral("%1 %2")
        .arg(QLatin1String(command.name), QLatin1String(command.arguments))
        .trimmed();
}

} // namespace

std::vector<Command> allCommands() {
    std::vector<Command> commands;
    for (const auto& group : {stateCommands(), systemCommands(), providerCommands(), testCommands(),
                              logCommands(), cacheCommands(), settingCommands()})
        commands.insert(commands.end(), group.begin(), group.end());
    return commands;
}

QString helpText() {
    Table table;
    for (const Command& command : allCommands())
        table.addRow({QLatin1String("  ") + invocation(command), QLatin1String(command.summary)});
    return QObject::tr("Usage: sottoctl [--socket PATH] [--json] COMMAND [ARGUMENT...]\n"
                       "\n"
                       "Asks and steers sottod, the service that encrypts DNS queries.\n"
                       "\n"
                       "Commands:\n") +
           table.text() +
           QObject::tr(
               "\n"
               "Options:\n"
               "  --socket PATH  the service's socket; without it the system's service,\n"
               "                 else one's own\n"
               "  --json         give nothing but JSON on standard output\n"
               "  -h, --help     this text, or after a command that command's\n"
               "  -V, --version  the version\n"
               "\n"
               "Exit status: 0 done; 1 the service refused, the query or the test failed, or the\n"
               "system's DNS is not as it was asked for; 2 wrong arguments; 3 the service does\n"
               "not answer; 4 not allowed.\n");
}

QString helpText(const Command& command) {
    return QObject::tr("Usage: sottoctl [--socket PATH] [--json] %1\n\n%2\n")
        .arg(invocation(command), QLatin1String(command.details));
}

} // namespace sotto::cli
