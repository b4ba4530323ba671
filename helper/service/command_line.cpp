// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/command_line.h"

#include "lease/contract/lease_messages.h"
#include "protocol/socket_path.h"
#include "service/state/state_directory.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>

namespace sotto::service {

CommandLine readCommandLine(const QStringList& arguments) {
    const QCommandLineOption config(QStringLiteral("config"),
                                    QStringLiteral("Read the administrator's settings from FILE."),
                                    QStringLiteral("FILE"));
    const QCommandLineOption state(QStringLiteral("state-dir"),
                                   QStringLiteral("Keep what programs set in DIR."),
                                   QStringLiteral("DIR"));
    const QCommandLineOption socket(QStringLiteral("socket"),
                                    QStringLiteral("Serve the app and sottoctl at PATH."),
                                    QStringLiteral("PATH"));
    const QCommandLineOption leaseSocket(
        QStringLiteral("lease-socket"),
        QStringLiteral("Ask the lease keeper for the system's DNS at PATH."),
        QStringLiteral("PATH"));
    const QCommandLineOption user(
        QStringLiteral("user"),
        QStringLiteral("Started by root: start the lease keeper, then become USER."),
        QStringLiteral("USER"));
    const QCommandLineOption help({QStringLiteral("h"), QStringLiteral("help")},
                                  QStringLiteral("Show this text."));
    const QCommandLineOption version({QStringLiteral("V"), QStringLiteral("version")},
                                     QStringLiteral("Show the version."));
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Sotto's service: a caching DNS-over-TLS forwarder. It stays in the "
        "foreground.\nSIGHUP reads FILE again; SIGTERM gives the system's DNS back and "
        "ends it; SIGUSR1 ends it\nfor a new version.\n\nExit status: 0 ended when "
        "asked, 1 it cannot run here, 2 wrong settings or arguments, 75 on SIGUSR1."));
    parser.addOptions({config, state, socket, leaseSocket, user, help, version});

    CommandLine line;
    const bool parsed = parser.parse(QStringList{QStringLiteral("sottod")} + arguments);
    if (parsed && parser.isSet(help)) {
        line.action = CommandLine::Action::ShowHelp;
        // Qt names the program by its whole path.
        line.text = parser.helpText().replace(QLatin1String("Usage: ") +
                                                  QCoreApplication::arguments().value(0),
                                              QLatin1String("Usage: sottod"));
        return line;
    }
    if (parsed && parser.isSet(version)) {
        line.action = CommandLine::Action::ShowVersion;
        return line;
    }
    const QStringList extra = parser.positionalArguments();
    const auto isEmpty = [&](const QCommandLineOption& option) {
        return parser.isSet(option) && parser.value(option).isEmpty();
    };
    if (!parsed)
        line.text = parser.errorText();
    else if (!extra.isEmpty())
        line.text = QStringLiteral("Unexpected argument \"%1\".").arg(extra.first());
    else if (isEmpty(config) || isEmpty(state) || isEmpty(socket) || isEmpty(leaseSocket) ||
             isEmpty(user))
        line.text = QStringLiteral("An option has an empty value.");
    if (!line.text.isEmpty()) {
        line.action = CommandLine::Action::Refuse;
        return line;
    }
    line.configFile = parser.isSet(config) ? QFileInfo(parser.value(config)).absoluteFilePath()
                                           : defaultSettingsFile();
    line.stateDirectory = parser.isSet(state) ? parser.value(state) : StateDirectory::defaultPath();
    line.socketPath = parser.isSet(socket) ? protocol::absoluteSocketPath(parser.value(socket))
                                           : protocol::defaultServiceSocketPath();
    line.leaseSocketPath = parser.isSet(leaseSocket)
                               ? protocol::absoluteSocketPath(parser.value(leaseSocket))
                               : QLatin1String(lease::kSocketPath);
    line.user = parser.value(user);
    return line;
}

} // namespace sotto::service
