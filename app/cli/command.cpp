// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "protocol/nearest_text.h"
#include "table.h"

#include <QRegularExpression>

namespace sotto::cli {

namespace {

/// "log [--follow] [--lines N]"
QString invocation(const Command& command) {
    return QStringLiteral("%1 %2")
        .arg(QLatin1String(command.name), QLatin1String(command.arguments))
        .trimmed();
}

const QStringList kOptionsOfAll{QStringLiteral("--socket"), QStringLiteral("--json"),
                                QStringLiteral("--help"), QStringLiteral("--version")};

/// The options and sub-commands of a usage line.
QStringList wordsOf(const Command& command) {
    static const QRegularExpression kWord(QStringLiteral("(?<![\\w-])(?:--)?[a-z][a-z-]+"));
    QStringList words;
    for (auto found = kWord.globalMatch(QLatin1String(command.arguments)); found.hasNext();)
        words += found.next().captured();
    return words;
}

} // namespace

std::vector<Command> allCommands() {
    std::vector<Command> commands;
    for (const auto& group : {stateCommands(), systemCommands(), providerCommands(), testCommands(),
                              logCommands(), cacheCommands(), settingCommands()})
        commands.insert(commands.end(), group.begin(), group.end());
    return commands;
}

QString wrongArgumentsText(const Command& command, const QStringList& arguments) {
    QString text = arguments.isEmpty()
                       ? QObject::tr("An argument is missing.")
                       : QObject::tr("These arguments are too few, too many or unknown: %1")
                             .arg(arguments.join(QLatin1Char(' ')));
    const QStringList words = wordsOf(command);
    for (const QString& argument : arguments) {
        const bool isOption = argument.startsWith(QLatin1Char('-'));
        const QString meant =
            words.contains(argument)
                ? QString()
                : protocol::didYouMean(argument, isOption ? words + kOptionsOfAll : words);
        if (meant.isEmpty())
            continue;
        text = QObject::tr("There is no \"%1\"%2.").arg(argument, meant);
        break;
    }
    if (command.allowed)
        text += QLatin1Char('\n') + QLatin1String(command.allowed);
    return text;
}

QString unknownCommandText(const QString& word) {
    if (word.startsWith(QLatin1Char('-')))
        return QObject::tr("There is no option \"%1\"%2.")
            .arg(word, protocol::didYouMean(word, kOptionsOfAll));
    QStringList names;
    for (const Command& command : allCommands()) {
        names += QLatin1String(command.name);
        if (command.alias)
            names += QLatin1String(command.alias);
    }
    return QObject::tr("There is no command \"%1\"%2.")
        .arg(word, protocol::didYouMean(word, names));
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
               "not answer; 4 not allowed; 5 the system's DNS is still being switched.\n");
}

QString helpText(const Command& command) {
    return QObject::tr("Usage: sottoctl [--socket PATH] [--json] %1\n\n%2\n")
        .arg(invocation(command), QLatin1String(command.details));
}

} // namespace sotto::cli
