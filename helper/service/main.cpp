// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/command_line.h"
#include "service/ipc/ipc_server.h"
#include "service/keeper_guard.h"
#include "service/privileges.h"
#include "service/service.h"
#include "service/service_log.h"
#include "service/service_notify.h"
#include "service/service_signals.h"
#include "service/state/state_directory.h"
#include "service/version.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTimer>

#include <cstdio>

namespace {

using namespace sotto::service;
namespace protocol = sotto::protocol;

constexpr int kCannotRun = 1;
constexpr int kWrongUse = 2;
constexpr int kHandedOver = 75;
constexpr int kStatusMillis = 1000;

int fail(int code, const QString& reason) {
    logLine(reason);
    return code;
}

/// FILE may say that nobody will need a keeper; what the app may choose later is not known yet.
bool mayNeedLeaseKeeper(const CommandLine& line, const ProviderCatalog& catalog) {
    SettingsLayer file;
    const auto error = SettingsFiles(line.configFile, line.stateDirectory, catalog).readFile(file);
    return error || file.values.value(QStringLiteral("system.manage")) != QJsonValue(false);
}

/// Gives up the rights of root; what needs them is done before.
bool becomePlain(const CommandLine& line, const ProviderCatalog& catalog, QString& why) {
    if (!makeFolderFor(line.user, line.stateDirectory, 0700, why) ||
        !makeFolderFor(line.user, QFileInfo(line.socketPath).absolutePath(), 0755, why))
        return false;
    QString keeperFault;
    if (mayNeedLeaseKeeper(line, catalog) && !startGuardedKeeper(line.user, keeperFault))
        logLine(QStringLiteral("the lease keeper cannot be started: ") + keeperFault);
    return becomeUser(line.user, why);
}

QString statusLine(const protocol::Status& status) {
    const QString listen = status.listen.join(QLatin1String(", "));
    if (status.pausedUntil)
        return QStringLiteral("Paused; listening on ") + listen;
    if (!status.enabled)
        return QStringLiteral("Off; listening on ") + listen;
    return QStringLiteral("Answering on %1; %2; system DNS: %3")
        .arg(listen, protocol::enumText(status.protection),
             protocol::enumText(status.systemDns.state));
}

int serve(const CommandLine& line) {
    ServiceSignals signals_;
    ServiceNotify manager;
    QString why;
    const ProviderCatalog catalog = ProviderCatalog::shipped();
    if (!line.user.isEmpty() && !becomePlain(line, catalog, why))
        return fail(kCannotRun, why);
    StateDirectory state;
    if (!state.open(line.stateDirectory, why))
        return fail(kCannotRun, why);

    Service service(line.configFile, state.path(), catalog, line.leaseSocketPath);
    manager.setPulse([&service] { return service.takePulse(); });
    QObject::connect(&signals_, &ServiceSignals::reloadRequested, &service, [&] {
        manager.reloading();
        service.reload();
        manager.ready();
    });
    QObject::connect(&signals_, &ServiceSignals::stopRequested, &service, [&] {
        manager.stopping();
        service.beginStop();
    });
    QObject::connect(&service, &Service::readyToStop, qApp, &QCoreApplication::quit,
                     Qt::QueuedConnection);
    QObject::connect(&signals_, &ServiceSignals::handoverRequested, &service, [&] {
        manager.stopping();
        QCoreApplication::exit(kHandedOver);
    });
    if (const auto failure = service.start())
        return fail(failure->exitCode, failure->reason);
    // Names are answered before anything is looked up for the socket: the group may be in NSS.
    IpcServer server(service, Authorization::ofThisProcess());
    if (!server.open(line.socketPath, why))
        return fail(kCannotRun, why);
    logLine(QStringLiteral("%1 answers on %2 (UDP and TCP), socket %3")
                .arg(versionText(), service.status().listen.join(QLatin1String(", ")),
                     line.socketPath));
    const auto tellStatus = [&] { manager.status(statusLine(service.status())); };
    QTimer statusTimer;
    if (manager.isListening()) {
        statusTimer.setSingleShot(true);
        statusTimer.setInterval(kStatusMillis);
        QObject::connect(&statusTimer, &QTimer::timeout, &manager, tellStatus);
        QObject::connect(&service, &Service::statusChanged, &statusTimer, [&] {
            if (!statusTimer.isActive())
                statusTimer.start();
        });
        tellStatus();
    }
    manager.ready();
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
