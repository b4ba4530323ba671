// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "printable.h"
#include "protocol/socket_path.h"

#include <QCoreApplication>

#include <cstdio>

namespace {

using namespace sotto::cli;

/// The options that may stand before and after the command.
struct Invocation {
    QString socketPath;
    bool json = false;
    bool help = false;
    bool version = false;
    QString wrong; ///< why it cannot be run; empty where it can
    QStringList words;
};

Invocation readArguments(const QStringList& arguments) {
    Invocation invocation;
    const QString socketOption = QStringLiteral("--socket");
    bool onlyWords = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& argument = arguments[i];
        if (onlyWords)
            invocation.words += argument;
        else if (argument == QLatin1String("--"))
            onlyWords = true;
        else if (argument == QLatin1String("--json"))
            invocation.json = true;
        else if (argument == QLatin1String("--help") || argument == QLatin1String("-h"))
            invocation.help = true;
        else if (argument == QLatin1String("--version") || argument == QLatin1String("-V"))
            invocation.version = true;
        else if (argument.startsWith(socketOption + QLatin1Char('=')))
            invocation.socketPath = argument.mid(socketOption.size() + 1);
        else if (argument != socketOption)
            invocation.words += argument;
        else if (++i < arguments.size())
            invocation.socketPath = arguments[i];
        else
            invocation.wrong = QObject::tr("--socket needs a path.");
    }
    return invocation;
}

int wrongUse(const QString& reason) {
    Session::complain(reason + QObject::tr("\nTry \"sottoctl --help\"."));
    return WrongUse;
}

int show(const QString& text) {
    std::fputs(text.toLocal8Bit().constData(), stdout);
    return Done;
}

int run(const Invocation& invocation) {
    const QString name = invocation.words.value(0);
    if (invocation.version)
        return show(QStringLiteral("sottoctl " SOTTO_VERSION "\n"));
    if (!invocation.wrong.isEmpty())
        return wrongUse(invocation.wrong);
    if (name.isEmpty())
        return invocation.help ? show(helpText()) : wrongUse(QObject::tr("A command is needed."));
    for (const Command& command : allCommands()) {
        if (!command.isCalled(name))
            continue;
        if (invocation.help)
            return show(helpText(command));
        const QStringList arguments = invocation.words.mid(1);
        if (!command.accepts(arguments))
            return wrongUse(
                wrongArgumentsText(command, arguments) + QLatin1Char('\n') +
                QObject::tr("Usage: sottoctl %1 %2").arg(name, QLatin1String(command.arguments)));
        Session session(invocation.socketPath.isEmpty() ? sotto::protocol::defaultClientSocketPath()
                                                        : invocation.socketPath,
                        invocation.json);
        if (const auto failed = session.connect())
            return *failed;
        return command.run(session, arguments);
    }
    return wrongUse(unknownCommandText(name));
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    return run(readArguments(QCoreApplication::arguments().mid(1)));
}
