// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/lease_log.h"
#include "lease/program/input_end.h"
#include "lease/program/keeper.h"
#include "lease/program/service_user.h"
#include "lease/program/stop_request.h"
#include "lease/program/supervisor.h"
#include "lease/program/verbs.h"
#include "lease/reach/system_reach.h"
#include "lease/server/packet_socket.h"
#include "network/network_watch.h"
#include "systemdns/file_watch.h"

#include <QCoreApplication>
#include <QFile>
#include <QThread>

namespace sotto::lease {

namespace {

constexpr int kLockTries = 100;
constexpr unsigned long kLockPauseMillis = 100;

int fail(const QString& why) {
    logLine(why);
    return kNotDone;
}

/// Empty once the lock is ours. A "restore" that is at work ends soon.
QString lockState(StateDirectory& state) {
    QString why;
    for (int tries = 0; tries < kLockTries; ++tries) {
        switch (state.lock(why)) {
        case StateDirectory::Lock::Taken:
            return {};
        case StateDirectory::Lock::Failed:
            return QStringLiteral("the state directory cannot be locked: %1").arg(why);
        case StateDirectory::Lock::Busy:
            QThread::msleep(kLockPauseMillis);
        }
    }
    return QStringLiteral("another lease keeper is running");
}

/// Tells the lease of what nobody tells its mechanisms. Ends with the lease.
void watchSurroundings(Lease& lease, const QString& root) {
    using network::NetworkWatch;
    using systemdns::FileWatch;
    auto* links = new NetworkWatch(&lease);
    QObject::connect(links, &NetworkWatch::told, &lease, &Lease::noteLinks);
    QObject::connect(links, &NetworkWatch::changed, &lease, &Lease::noteSurroundings);
    auto* nameSwitch = new FileWatch(root + QStringLiteral("/etc/nsswitch.conf"), &lease);
    QObject::connect(nameSwitch, &FileWatch::changed, &lease, &Lease::noteSurroundings);
    nameSwitch->start();
}

} // namespace

int serve(const CommandLine& line, const HandedOver& handedOver, const Steps& steps) {
    StopRequest stop;
    Supervisor supervisor(handedOver.notifySocket, handedOver.watchdogMicros);
    StateDirectory state;
    QString why = state.open(line.stateDirectory);
    if (why.isEmpty())
        why = lockState(state);
    if (!why.isEmpty())
        return fail(why);

    const SystemClock clock;
    Journal journal(state.descriptor(), steps);
    const auto mechanisms = systemdns::allMechanisms(line.surroundings);
    Switchover switchover(journal, mechanisms, clock, currentBootId(), steps);
    SystemReach reach({{QStringLiteral("/proc/self/exe"), QStringLiteral("look-up")},
                       line.surroundings.busAddress});
    Lease lease(switchover, mechanisms, reach, clock);
    watchSurroundings(lease, line.surroundings.root);

    const auto user = numberOfUser(line.user);
    if (!user)
        logLine(QStringLiteral("there is no user \"%1\": only root is served").arg(line.user));
    Keeper keeper(lease, clock, user);
    const bool isOwn = handedOver.listening < 0;
    const Listening listening =
        isOwn ? listenAt(line.socketPath, user) : listenOn(handedOver.listening);
    if (listening.descriptor < 0)
        return fail(listening.fault);
    keeper.server().serve(listening.descriptor);
    QObject::connect(&keeper, &Keeper::idle, qApp, &QCoreApplication::quit);
    QObject::connect(&stop, &StopRequest::made, qApp, &QCoreApplication::quit);
    std::optional<InputEnd> inputEnd;
    if (line.untilInputEnds) {
        keeper.setNeeded(true);
        inputEnd.emplace();
        QObject::connect(&*inputEnd, &InputEnd::reached, &keeper,
                         [&keeper] { keeper.setNeeded(false); });
    }
    keeper.start();
    supervisor.ready();
    const int code = QCoreApplication::exec();
    supervisor.stopping();
    if (isOwn)
        QFile::remove(line.socketPath);
    return code;
}

} // namespace sotto::lease
