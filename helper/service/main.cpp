// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/command_line.h"
#include "service/ipc/ipc_server.h"
#include "service/service.h"
#include "service/service_log.h"
#include "service/service_signals.h"
#include "service/state/state_directory.h"
#include "service/version.h"

#include <QCoreApplication>

#include <cstdio>

namespace {

using namespace sotto::service;

constexpr int kCannotRun = 1;
constexpr int kWrongUse = 2;

int fail(int code, const QString& reason) {
    logLine(reason);
    return code;
}

int serve(const CommandLine& line) {
    ServiceSignals signals_;
    QString why;
    const ProviderCatalog catalog = ProviderCatalog::shipped();
    StateDirectory state;
    if (!state.open(line.stateDirectory, why))
        return fail(kCannotRun, why);

    Service service(line.configFile, state.path(), catalog);
    QObject::connect(&signals_, &ServiceSignals::reloadRequested, &service, &Service::reload);
    QObject::connect(&signals_, &ServiceSignals::stopRequested, qApp, &QCoreApplication::quit);
    if (const auto failure = service.start())
        return fail(failure->exitCode, failure->reason);
    // Names are answered before anything is looked up for the socket: the group may be in NSS.
    IpcServer server(service, Authorization::ofThisProcess());
    if (!server.open(line.socketPath, why))
        return fail(kCannotRun, why);
    logLine(QStringLiteral("%1 answers on %2 (UDP and TCP), socket %3")
                .arg(versionText(), service.status().listen.join(QLatin1String(", ")),
                     line.socketPath));
    const int code = QCoreApplication::exec();
    server.close();
    service.stop();
    return code;
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("sottod"));
    QCoreApplication::setApplicationVersion(versionText());
    const CommandLine line = readCommandLine(QCoreApplication::arguments().mid(1));
    switch (line.action) {
    case CommandLine::Action::ShowHelp:
        std::fputs(line.text.toLocal8Bit().constData(), stdout);
        return 0;
    case CommandLine::Action::ShowVersion:
        std::printf("sottod %s\n", versionText().toLocal8Bit().constData());
        return 0;
    case CommandLine::Action::Refuse:
        std::fprintf(stderr, "sottod: %s\nTry \"sottod --help\".\n",
                     line.text.toLocal8Bit().constData());
        return kWrongUse;
    case CommandLine::Action::Serve:
        return serve(line);
    }
    return kWrongUse;
}
