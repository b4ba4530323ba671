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

/// As far as this user may see the lease.
struct Seen {
    bool known = false;
    std::optional<JournalRecord> record;
    std::optional<Report> kept; ///< as the running keeper says
    State state = State::Free;
    QString fault;
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

/// What was found here, with the state that the keeper knows.
Report withState(Report found, const Report& kept) {
    found.state = kept.state;
    found.fault = kept.fault;
    found.since = kept.since;
    found.mechanisms = kept.mechanisms;
    found.addresses = kept.addresses;
    found.port = kept.port;
    found.winner = kept.winner;
    found.winnerKind = kept.winnerKind;
    return found;
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
    } else if (!loaded.damage.isEmpty()) {
        seen.state = State::Failed;
        seen.fault =
            QStringLiteral("the record of the earlier settings is damaged: %1").arg(loaded.damage);
    }
    QString why;
    if (state.lock(why) == StateDirectory::Lock::Busy) {
        const auto answer = askKeeper(line.socketPath, Request(), kAnswerMillis);
        if (const auto* report = std::get_if<Report>(&answer))
            seen.kept = *report;
    }
    return seen;
}

} // namespace

int describe(const CommandLine& line) {
    const auto mechanisms = systemdns::allMechanisms(line.surroundings);
    const systemdns::Target target{{QStringLiteral("127.0.0.1")}, line.port};
    const auto detection = systemdns::detect(mechanisms, target, std::nullopt);
    const Seen seen = lookAtState(line);
    const Leftovers left = seen.known && !seen.record ? leftoversOf(mechanisms) : Leftovers();
    Report report =
        described(seen.record, left, detection, coverageOf(mechanisms, detection.chosen, target));
    report.state = left.isEmpty() ? seen.state : State::Failed;
    report.fault = seen.fault.isEmpty() ? left.reason : seen.fault;
    report.since = seen.record ? seen.record->since : 0;
    if (seen.kept)
        report = withState(report, *seen.kept);
    if (line.json) {
        const QJsonDocument document(json::toJson(report).toObject());
        std::fputs(document.toJson().constData(), stdout);
    } else {
        std::fputs(textOf(report, seen.known).toLocal8Bit().constData(), stdout);
    }
    return kDone;
}

} // namespace sotto::lease
