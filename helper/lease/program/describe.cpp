// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/verbs.h"

#include "lease/journal/journal.h"
#include "lease/program/report_text.h"
#include "lease/server/keeper_call.h"
#include "lease/state/described.h"

#include <QJsonDocument>

#include <cstdio>

namespace sotto::lease {

namespace {

constexpr int kAnswerMillis = 10'000;

struct Seen {
    bool known = false; ///< this user may see the lease
    std::optional<JournalRecord> record;
    State state = State::Free;
    QString fault;
    qint64 since = 0;
};

State stateOf(JournalRecord::Phase phase) {
    switch (phase) {
    case JournalRecord::Phase::Taking:
        return State::Taking;
    case JournalRecord::Phase::Held:
        return State::Held;
    case JournalRecord::Phase::GivingBack:
        return State::GivingBack;
    case JournalRecord::Phase::Yielded:
        return State::Yielded;
    }
    Q_UNREACHABLE();
}

/// As the running keeper says.
void askState(const CommandLine& line, Seen& seen) {
    const auto answer = askKeeper(line.socketPath, Request(), kAnswerMillis);
    if (const auto* report = std::get_if<Report>(&answer)) {
        seen.state = report->state;
        seen.fault = report->fault;
        seen.since = report->since;
    }
}

Seen lookAtState(const CommandLine& line) {
    Seen seen;
    StateDirectory state;
    seen.known = state.openExisting(line.stateDirectory).isEmpty();
    if (!state.exists())
        return seen;
    auto loaded = Journal(state.descriptor()).load();
    seen.record = std::move(loaded.record);
    if (seen.record) {
        seen.state = stateOf(seen.record->phase);
        seen.since = seen.record->since;
    } else if (!loaded.damage.isEmpty()) {
        seen.state = State::Failed;
        seen.fault =
            QStringLiteral("the record of the earlier settings is damaged: %1").arg(loaded.damage);
    }
    QString why;
    if (state.lock(why) == StateDirectory::Lock::Busy)
        askState(line, seen);
    return seen;
}

} // namespace

int describe(const CommandLine& line) {
    const auto mechanisms = systemdns::allMechanisms(line.surroundings);
    const systemdns::Target target{{QStringLiteral("127.0.0.1")}, line.port};
    const auto detection = systemdns::detect(mechanisms, target, std::nullopt);
    const Seen seen = lookAtState(line);
    Report report =
        described(seen.record, detection, coverageOf(mechanisms, detection.chosen, target));
    report.state = seen.state;
    report.fault = seen.fault;
    report.since = seen.since;
    if (line.json) {
        const QJsonDocument document(json::toJson(report).toObject());
        std::fputs(document.toJson().constData(), stdout);
    } else {
        std::fputs(textOf(report, seen.known).toLocal8Bit().constData(), stdout);
    }
    return kDone;
}

} // namespace sotto::lease
