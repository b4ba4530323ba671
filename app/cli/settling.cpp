// SPDX-License-Identifier: GPL-3.0-or-later
#include "settling.h"

#include "printable.h"
#include "status_text.h"
#include "system_text.h"

#include <QTimer>

namespace sotto::cli {

namespace {

using protocol::Client;
using protocol::Status;
using protocol::SystemDns;
using protocol::SystemDnsState;

bool isReached(const SystemDns& system, bool wantsOn) {
    return system.state == SystemDnsState::ByHand ||
           system.state == (wantsOn ? SystemDnsState::On : SystemDnsState::Off);
}

void wait(Session& session, Status& status, bool wantsOn, SettlingPatience patience) {
    QEventLoop loop;
    QTimer grace;
    grace.setSingleShot(true);
    QTimer longest;
    longest.setSingleShot(true);
    const auto look = [&] {
        if (isReached(status.systemDns, wantsOn) ||
            (!grace.isActive() && isSettled(status.systemDns)))
            loop.quit();
    };
    QObject::connect(&grace, &QTimer::timeout, &loop, look);
    QObject::connect(&longest, &QTimer::timeout, &loop, &QEventLoop::quit);
    QObject::connect(&session.client(), &Client::statusChanged, &loop, [&](const Status& now) {
        status = now;
        look();
    });
    QObject::connect(&session.client(), &Client::stateChanged, &loop, &QEventLoop::quit);
    grace.start(patience.graceMillis);
    longest.start(patience.longestMillis);
    loop.exec();
}

} // namespace

SwitchOutcome outcomeOf(const SystemDns& system, bool wantsOn) {
    if (isReached(system, wantsOn))
        return {};
    const QString state = systemStateText(system);
    if (isAmiss(system))
        return {Refused, QObject::tr("System DNS: %1.").arg(state)};
    return {Unfinished, QObject::tr("System DNS: %1. That is not finished yet; \"sottoctl system\" "
                                    "shows how it ends.")
                            .arg(state)};
}

ExitCode settle(Session& session, Status& status, bool wantsOn, SettlingPatience patience) {
    if (!isReached(status.systemDns, wantsOn))
        wait(session, status, wantsOn, patience);
    if (session.client().state() != Client::State::Ready) {
        session.tellNotReachable(session.client().failure());
        return NotReachable;
    }
    const SwitchOutcome outcome = outcomeOf(status.systemDns, wantsOn);
    if (!outcome.complaint.isEmpty())
        Session::complain(outcome.complaint);
    return outcome.code;
}

ExitCode settleSwitch(Session& session, Status status, bool wantsOn, SettlingPatience patience) {
    const ExitCode code = settle(session, status, wantsOn, patience);
    if (code == NotReachable)
        return code;
    if (session.json()) {
        session.printJson(protocol::toJson(status));
        return code;
    }
    session.print(
        QObject::tr("Sotto is %1.\n").arg(switchText(status, QDateTime::currentDateTime())));
    if (code == Done && status.systemDns.state != SystemDnsState::ByHand)
        session.print(
            QObject::tr("System DNS: %1.\n").arg(printable(systemStateText(status.systemDns))));
    return code;
}

} // namespace sotto::cli
