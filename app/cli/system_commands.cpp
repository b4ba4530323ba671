// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "pause_options.h"
#include "settling.h"
#include "status_text.h"
#include "system_text.h"

namespace sotto::cli {

namespace {

const QString kExplain = QStringLiteral("--explain");
const QString kTake = QStringLiteral("take");

bool nothing(const QStringList& arguments) {
    return arguments.isEmpty();
}

bool acceptsPause(const QStringList& arguments) {
    return PauseOptions::read(arguments).has_value();
}

bool acceptsSystem(const QStringList& arguments) {
    return arguments.isEmpty() || arguments == QStringList{kExplain} ||
           arguments == QStringList{kTake};
}

ExitCode setForwarding(Session& session, bool enabled) {
    const auto status = session.call<protocol::SetForwarding>({enabled});
    return status ? settleSwitch(session, *status, enabled) : session.failure();
}

ExitCode enable(Session& session, const QStringList&) {
    return setForwarding(session, true);
}

ExitCode disable(Session& session, const QStringList&) {
    return setForwarding(session, false);
}

ExitCode pause(Session& session, const QStringList& arguments) {
    const PauseOptions options = PauseOptions::read(arguments).value_or(PauseOptions{});
    protocol::PauseParams params;
    params.until = options.until(QDateTime::currentDateTime());
    const auto status = session.call<protocol::PauseForwarding>(params);
    return status ? settleSwitch(session, *status, false) : session.failure();
}

ExitCode resume(Session& session, const QStringList&) {
    const auto status = session.call<protocol::GetStatus>({});
    if (!status)
        return session.failure();
    if (status->pausedUntil)
        return setForwarding(session, true);
    if (!status->enabled) {
        Session::complain(QObject::tr("Refused: Sotto is off, not paused; \"sottoctl enable\" "
                                      "turns it on"));
        return Refused;
    }
    return settleSwitch(session, *status, true);
}

ExitCode explain(Session& session) {
    const auto explanation = session.call<protocol::ExplainSystemDns>({});
    if (!explanation)
        return session.failure();
    if (session.json())
        session.printJson(protocol::toJson(*explanation));
    else
        session.print(explanationReport(*explanation));
    return Done;
}

ExitCode take(Session& session) {
    const auto status = session.call<protocol::TakeSystemDns>({});
    return status ? settleSwitch(session, *status, true) : session.failure();
}

ExitCode system(Session& session, const QStringList& arguments) {
    if (arguments.contains(kExplain))
        return explain(session);
    if (arguments.contains(kTake))
        return take(session);
    const auto status = session.call<protocol::GetStatus>({});
    if (!status)
        return session.failure();
    if (session.json())
        session.printJson(protocol::toJson(status->systemDns));
    else
        session.print(systemReport(status->systemDns));
    return Done;
}

} // namespace

std::vector<Command> systemCommands() {
    return {
        {"enable", "", "Turn Sotto on (also: on)",
         "Turns forwarding on, and ends a pause. Where the settings let Sotto set the system's\n"
         "DNS, that is switched, too, and waited for, for 20 seconds at the most; exit status 1\n"
         "says that it was not switched, 5 that this is not finished. The state survives a\n"
         "restart of the service. \"on\" means the same.",
         nothing, enable, "on"},
        {"disable", "", "Turn Sotto off (also: off)",
         "Turns forwarding off: the system's earlier DNS settings come back where Sotto set them,\n"
         "and then every query to Sotto is answered REFUSED with extended error 18 (Prohibited).\n"
         "That is waited for as with \"enable\". The state survives a restart of the service.\n"
         "\"off\" means the same.",
         nothing, disable, "off"},
        {"pause", "[5m|1h|tomorrow|restart|DURATION]", "Turn Sotto off for a while",
         "Does what \"disable\" does until the time is over, five minutes where none is given.\n"
         "DURATION is made of days, hours, minutes and seconds, such as 90s or 1h30m, and at most\n"
         "a year. \"tomorrow\" ends with the next day's first moment in local time, \"restart\" "
         "when\n"
         "the service starts anew, which also ends every other pause.",
         acceptsPause, pause, nullptr,
         "A pause lasts for days, hours, minutes and seconds, in that order, such as 90s, 5m,\n"
         "1h30m or 2d, and at most 366d; or until \"tomorrow\", or until the service's "
         "\"restart\".\n"
         "For example: sottoctl pause 30m"},
        {"resume", "", "End a pause", "Ends a pause, as \"enable\" would.", nothing, resume},
        {"system", "[--explain | take]", "Show, explain or take the system's DNS",
         "Shows whether the system's DNS is switched to Sotto, through which mechanism and to\n"
         "which addresses, which interfaces are covered, and what is not. Anybody may ask for\n"
         "that. --explain tells which mechanisms there are on this computer and why each is used\n"
         "or not, for the addresses and the mechanism that the settings want. \"take\" switches\n"
         "the system's DNS to Sotto again after somebody else took over, or after it failed.",
         acceptsSystem, system},
    };
}

} // namespace sotto::cli
