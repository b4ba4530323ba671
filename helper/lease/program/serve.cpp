// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/lease_log.h"
#include "lease/program/input_end.h"
#include "lease/program/keeper.h"
#include "lease/program/service_user.h"
#include "lease/program/supervisor.h"
#include "lease/program/verbs.h"
#include "lease/reach/system_reach.h"
#include "lease/server/packet_socket.h"
#include "network/network_watch.h"
#include "process/signal_watch.h"
#include "systemdns/file_watch.h"

#include <QCoreApplication>
#include <QFile>
#include <QThread>

#include <csignal>

namespace sotto::lease {

namespace {

constexpr int kLockTries = 100;
constexpr unsigned long kLockPauseMillis = 100;

int fail(const QString& why) {
    logLine(why);
    return kNotDone;
}

enum class Locked { Ours, Failed, NotNeeded };

/// A "restore" that is at work ends soon. A keeper that is there only for its input waits for an
/// earlier one as long as that lasts, and is not needed where it does not last.
Locked lockState(StateDirectory& state, bool untilInputEnds, const bool& isToStop, QString& why) {
    for (int tries = 0; untilInputEnds || tries < kLockTries; ++tries) {
        switch (state.lock(why)) {
        case StateDirectory::Lock::Taken:
            return Locked::Ours;
        case StateDirectory::Lock::Failed:
            why = QStringLiteral("the state directory cannot be locked: %1").arg(why);
            return Locked::Failed;
        case StateDirectory::Lock::Busy:
            break;
        }
        QThread::msleep(kLockPauseMillis);
        QCoreApplication::processEvents(); // signals
        if (isToStop || (untilInputEnds && InputEnd::isReached()))
            return Locked::NotNeeded;
    }
    why = QStringLiteral("another lease keeper is running");
    return Locked::Failed;
}

bool isFree(Journal& journal) {
    const auto loaded = journal.load();
    return !loaded.record && loaded.damage.isEmpty();
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
    const process::SignalWatch stop({SIGTERM, SIGINT});
    Supervisor supervisor(handedOver.notifySocket, handedOver.watchdogMicros);
    bool isToStop = false;
    QObject::connect(&stop, &process::SignalWatch::came, &stop, [&isToStop] { isToStop = true; });
    StateDirectory state;
    QString why = state.open(line.stateDirectory);
    if (!why.isEmpty())
        return fail(why);
    switch (lockState(state, line.untilInputEnds, isToStop, why)) {
    case Locked::Ours:
        break;
    case Locked::Failed:
        return fail(why);
    case Locked::NotNeeded:
        return kDone;
    }

    const SystemClock clock;
    Journal journal(state.descriptor(), steps);
    const auto mechanisms = systemdns::allMechanisms(line.surroundings);
    for (const auto& mechanism : mechanisms)
        QObject::connect(mechanism.get(), &systemdns::Mechanism::noticed, logLine);
    Switchover switchover(journal, mechanisms, clock, currentBootId(), steps);
    SystemReach reach({{QStringLiteral("/proc/self/exe"), QStringLiteral("look-up")},
                       line.surroundings.busAddress});
    Lease lease(switchover, mechanisms, reach, clock);
    watchSurroundings(lease, line.surroundings.root);

    const auto user = numberOfUser(line.user);
    if (!user && isFree(journal))
        return fail(QStringLiteral("there is no user \"%1\" whose sottod could ask for anything; "
                                   "name the one that sottod runs as with --user")
                        .arg(line.user));
    if (!user) // the lease must still end when nobody answers
        logLine(QStringLiteral("there is no user \"%1\": sottod is not let in, only root is, until "
                               "the earlier settings are back")
                    .arg(line.user));
    Keeper keeper(lease, clock, user);
    const bool isOwn = handedOver.listening < 0;
    const Listening listening =
        isOwn ? listenAt(line.socketPath, user) : listenOn(handedOver.listening);
    if (listening.descriptor < 0)
        return fail(listening.fault);
    keeper.server().serve(listening.descriptor);
    QObject::connect(&keeper, &Keeper::idle, qApp, &QCoreApplication::quit);
    QObject::connect(&stop, &process::SignalWatch::came, qApp, &QCoreApplication::quit);
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
