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
using protocol::SystemDnsState;

constexpr int kGraceMillis = 2000; ///< in which a new request changes what was amiss before
constexpr int kLongestMillis = 20'000;

bool isReached(const Status& status, bool wantsOn) {
    const SystemDnsState state = status.systemDns.state;
    return state == SystemDnsState::ByHand ||
           state == (wantsOn ? SystemDnsState::On : SystemDnsState::Off);
}

} // namespace

Status settled(Session& session, Status status, bool wantsOn) {
    if (isReached(status, wantsOn))
        return status;
    QEventLoop loop;
    QTimer grace;
    grace.setSingleShot(true);
    QTimer longest;
    longest.setSingleShot(true);
    const auto look = [&] {
        if (isReached(status, wantsOn) || (!grace.isActive() && isSettled(status.systemDns)))
            loop.quit();
    };
    QObject::connect(&grace, &QTimer::timeout, &loop, look);
    QObject::connect(&longest, &QTimer::timeout, &loop, &QEventLoop::quit);
    const auto see = [&](const Status& now) {
        status = now;
        look();
    };
    QObject::connect(&session.client(), &Client::statusChanged, &loop, see);
    QObject::connect(&session.client(), &Client::stateChanged, &loop, &QEventLoop::quit);
    // What was told together with the reply that brought this status came before anybody listened.
    session.client().call<protocol::GetStatus>({}, &loop,
                                               [&](const protocol::Reply<Status>& reply) {
                                                   if (reply.ok())
                                                       see(reply.value);
                                               });
    grace.start(kGraceMillis);
    longest.start(kLongestMillis);
    loop.exec();
    return status;
}

ExitCode showSwitched(Session& session, const Status& status) {
    const protocol::SystemDns& system = status.systemDns;
    if (session.json()) {
        session.printJson(protocol::toJson(status));
    } else {
        session.print(
            QObject::tr("Sotto is %1.\n").arg(switchText(status, QDateTime::currentDateTime())));
        if (system.state != SystemDnsState::ByHand && !isAmiss(system))
            session.print(QObject::tr("System DNS: %1.\n").arg(printable(systemStateText(system))));
    }
    if (!isAmiss(system))
        return Done;
    Session::complain(QObject::tr("System DNS: %1.").arg(systemStateText(system)));
    return Refused;
}

} // namespace sotto::cli
