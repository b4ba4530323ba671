// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/verbs.h"

#include "lease/server/keeper_call.h"
#include "lease/state/switchover.h"
#include "systemdns/plain_file.h"

#include <QElapsedTimer>
#include <QThread>

#include <cstdio>

namespace sotto::lease {

namespace {

constexpr int kAnswerMillis = 30'000;
constexpr qint64 kBusyMillis = 15'000;
constexpr unsigned long kPauseMillis = 100;

void say(std::FILE* where, const QString& text) {
    std::fprintf(where, "%s\n", text.toLocal8Bit().constData());
}

int failed(const QString& why, int code = kNotDone) {
    say(stderr, QStringLiteral("sotto-lease: %1").arg(why));
    return code;
}

/// Without a record of it, a file of ours is not what was there before, and must not pass for it.
std::optional<int> leftBehind(const CommandLine& line) {
    if (!systemdns::PlainFile(line.surroundings).isSottosOwn())
        return std::nullopt;
    return failed(
        QStringLiteral("/etc/resolv.conf is still one that Sotto wrote, and what was there "
                       "before is not known. Write this computer's DNS servers into it, "
                       "as lines like: nameserver 192.0.2.1"));
}

int nothingToDo(const CommandLine& line) {
    if (const auto code = leftBehind(line))
        return *code;
    say(stdout,
        QStringLiteral("Nothing to restore: this computer's DNS settings are not Sotto's."));
    return kDone;
}

int restored(const CommandLine& line) {
    if (const auto code = leftBehind(line))
        return *code;
    say(stdout, QStringLiteral("The earlier DNS settings are back."));
    return kDone;
}

int restoreAlone(const CommandLine& line, const StateDirectory& state) {
    Journal journal(state.descriptor());
    const SystemClock clock;
    const auto mechanisms = systemdns::allMechanisms(line.surroundings);
    Switchover switchover(journal, mechanisms, clock, currentBootId());
    const QString damage = switchover.load();
    if (!damage.isEmpty() && line.forget) {
        const QString why = switchover.forget();
        if (!why.isEmpty())
            return failed(why);
        say(stdout, QStringLiteral("The damaged record is removed. Nothing was restored."));
        return kDone;
    }
    if (!damage.isEmpty())
        return failed(QStringLiteral("the record of the earlier settings in %1 is damaged: %2\n"
                                     "Set this computer's DNS servers by hand, then run: "
                                     "sotto-lease restore --forget")
                          .arg(line.stateDirectory, damage),
                      kDamaged);
    if (!switchover.record())
        return nothingToDo(line);
    const bool isYielded = switchover.record()->phase == JournalRecord::Phase::Yielded;
    const QString why = switchover.giveBack();
    if (!why.isEmpty())
        return failed(QStringLiteral("the earlier settings are not back: %1").arg(why));
    return isYielded ? nothingToDo(line) : restored(line);
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

/// By the keeper that is running; nothing where it ends meanwhile.
std::optional<int> restoreByKeeper(const CommandLine& line, QString& why) {
    Request request;
    request.verb = Verb::Restore;
    const auto answer = askKeeper(line.socketPath, request, kAnswerMillis);
    if (const auto* fault = std::get_if<CallFault>(&answer)) {
        why = fault->reason;
        return std::nullopt;
    }
    const auto& report = std::get<Report>(answer);
    if (report.state == State::Free)
        return restored(line);
    return failed(report.fault);
}

} // namespace

int restore(const CommandLine& line) {
    StateDirectory state;
    QString why = state.openExisting(line.stateDirectory);
    if (!why.isEmpty())
        return failed(why);
    if (!state.exists() && line.hasOwnStateDirectory)
        return failed(QStringLiteral("%1: there is no such folder, so it is not known what was "
                                     "there before")
                          .arg(line.stateDirectory));
    if (!state.exists())
        return nothingToDo(line);
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
        if (const auto code = restoreByKeeper(line, why))
            return *code;
        if (busy.hasExpired(kBusyMillis))
            return failed(QStringLiteral("a lease keeper is running, but cannot be asked: %1; end "
                                         "it, and try again")
                              .arg(why));
        QThread::msleep(kPauseMillis);
    }
}

} // namespace sotto::lease
