// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/verbs.h"

#include "lease/lease_log.h"
#include "lease/server/keeper_call.h"
#include "lease/state/leftovers.h"
#include "lease/state/switchover.h"

#include <QElapsedTimer>
#include <QThread>

#include <cstdio>

namespace sotto::lease {

namespace {

constexpr int kAnswerMillis = 30'000;
constexpr qint64 kBusyMillis = 15'000;
constexpr unsigned long kPauseMillis = 100;

constexpr auto kNothing = "Nothing to restore: this computer's DNS settings are not Sotto's.";
constexpr auto kNotEarlier = "Nothing to restore: nothing of an earlier run is to be given back.";
constexpr auto kTaken = "What was left of Sotto's DNS settings is taken away.";
constexpr auto kBack = "The earlier DNS settings are back.";

void say(std::FILE* where, const QString& text) {
    std::fprintf(where, "%s\n", text.toLocal8Bit().constData());
}

int failed(const QString& why, int code = kNotDone) {
    say(stderr, QStringLiteral("sotto-lease: %1").arg(why));
    return code;
}

QString damaged(const CommandLine& line, const QString& damage) {
    return QStringLiteral("the record of the earlier settings in %1 is damaged: %2")
        .arg(line.stateDirectory, damage);
}

/// Done, unless something of ours stands for which no record is left: that is not what was there
/// before, and must not pass for it.
int done(const systemdns::Mechanisms& mechanisms, const char* what) {
    const bool hadSome = !leftoversOf(mechanisms).isEmpty();
    const Leftovers left = clearLeftovers(mechanisms);
    if (!left.isEmpty())
        return failed(left.reason);
    say(stdout, QLatin1String(hadSome ? kTaken : what));
    return kDone;
}

int vpnInTheWay(const QString& vpn) {
    return failed(
        QStringLiteral("%1 has this computer's DNS settings now, and may put Sotto's back "
                       "when it ends; end it, then run: sotto-lease restore")
            .arg(vpn.isEmpty() ? QStringLiteral("a VPN") : vpn));
}

int restoreDamaged(const CommandLine& line, const systemdns::Mechanisms& mechanisms,
                   Switchover& switchover, const QString& damage) {
    if (line.forget) {
        const QString why = switchover.forget();
        return why.isEmpty() ? done(mechanisms, "The damaged record is removed.") : failed(why);
    }
    const Leftovers left = clearLeftovers(mechanisms);
    return failed(QStringLiteral("%1\n%2, then run: sotto-lease restore --forget")
                      .arg(damaged(line, damage),
                           left.isEmpty()
                               ? QStringLiteral("Set this computer's DNS servers by hand")
                               : left.reason),
                  kDamaged);
}

int restoreAlone(const CommandLine& line, const StateDirectory& state) {
    Journal journal(state.descriptor());
    const SystemClock clock;
    const auto mechanisms = systemdns::allMechanisms(line.surroundings);
    for (const auto& mechanism : mechanisms)
        QObject::connect(mechanism.get(), &systemdns::Mechanism::noticed, logLine);
    Switchover switchover(journal, mechanisms, clock, currentBootId());
    const QString damage = switchover.load();
    if (!damage.isEmpty())
        return restoreDamaged(line, mechanisms, switchover, damage);
    if (!switchover.record())
        return done(mechanisms, kNothing);
    const bool isYielded = switchover.record()->phase == JournalRecord::Phase::Yielded;
    // Who won stays, and is remembered; but a VPN has ended with the computer's last run.
    if (line.atBoot && isYielded && !switchover.isYieldedToVpn()) {
        say(stdout, QLatin1String(kNotEarlier));
        return kDone;
    }
    const QString why = switchover.giveBack();
    if (!why.isEmpty())
        return failed(QStringLiteral("the earlier settings are not back: %1").arg(why));
    if (switchover.record())
        return vpnInTheWay(switchover.record()->winner);
    return done(mechanisms, isYielded ? kNothing : kBack);
}

/// Whether the lease is one that the user wants kept where nobody answers. Reads without the lock:
/// a record is always complete.
bool isClosed(const StateDirectory& state) {
    Journal journal(state.descriptor());
    const auto loaded = journal.load();
    return loaded.record && loaded.record->whenLost == WhenLost::Closed;
}

int keptClosed() {
    say(stdout, QStringLiteral("The lease is kept, as the settings say: nobody is asked while "
                               "sottod does not answer. sotto-lease restore gives it back."));
    return kDone;
}

/// Looks again by itself: the keeper says it for people only. Reads without the lock.
bool isDamaged(const StateDirectory& state) {
    if (!state.exists())
        return false;
    const auto loaded = Journal(state.descriptor()).load();
    return !loaded.record && !loaded.damage.isEmpty();
}

/// By the keeper that is running; nothing where it ends meanwhile.
std::optional<int> restoreByKeeper(const CommandLine& line, const StateDirectory& state,
                                   QString& why) {
    Request request;
    request.verb = Verb::Restore;
    request.forget = line.forget;
    const auto answer = askKeeper(line.socketPath, request, kAnswerMillis);
    if (const auto* fault = std::get_if<CallFault>(&answer)) {
        why = fault->reason;
        return std::nullopt;
    }
    const auto& report = std::get<Report>(answer);
    if (report.state == State::Yielded && report.winnerKind == QLatin1String("vpn"))
        return vpnInTheWay(report.winner);
    if (report.state != State::Free && report.state != State::Yielded)
        return failed(report.fault, isDamaged(state) ? kDamaged : kNotDone);
    say(stdout, QLatin1String(kBack));
    if (report.state == State::Yielded)
        say(stdout, QStringLiteral("They stay until Sotto is told to take over: sottoctl system "
                                   "take"));
    return kDone;
}

} // namespace

int restore(const CommandLine& line) {
    StateDirectory state;
    QString why = state.openExisting(line.stateDirectory);
    if (!why.isEmpty())
        return failed(why);
    if (!state.exists()) {
        // Somebody may have removed it; a keeper that runs knows yet what was before.
        const auto code = line.atBoot ? std::nullopt : restoreByKeeper(line, state, why);
        if (code)
            return *code;
        const auto mechanisms = systemdns::allMechanisms(line.surroundings);
        if (line.hasOwnStateDirectory && leftoversOf(mechanisms).isEmpty())
            return failed(QStringLiteral("%1: there is no such folder, so it is not known what "
                                         "was there before")
                              .arg(line.stateDirectory));
        return done(mechanisms, kNothing);
    }
    if (line.unlessClosed && isClosed(state))
        return keptClosed();
    QElapsedTimer busy;
    busy.start();
    for (;;) {
        switch (state.lock(why)) {
        case StateDirectory::Lock::Taken:
            return restoreAlone(line, state);
        case StateDirectory::Lock::Failed:
            return failed(QStringLiteral("%1: %2").arg(line.stateDirectory, why));
        case StateDirectory::Lock::Busy:
            break;
        }
        if (line.atBoot) { // a keeper that runs sees to that itself
            say(stdout, QLatin1String(kNotEarlier));
            return kDone;
        }
        if (const auto code = restoreByKeeper(line, state, why))
            return *code;
        if (busy.hasExpired(kBusyMillis))
            return failed(QStringLiteral("a lease keeper is running, but cannot be asked: %1; end "
                                         "it, and try again")
                              .arg(why));
        QThread::msleep(kPauseMillis);
    }
}

} // namespace sotto::lease
