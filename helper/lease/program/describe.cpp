// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/verbs.h"

#include "lease/journal/journal.h"
#include "lease/program/report_text.h"
#include "lease/server/keeper_call.h"
#include "lease/state/described.h"
#include "systemdns/net_links.h"

#include <QJsonDocument>

#include <cstdio>

namespace sotto::lease {

namespace {

constexpr int kAnswerMillis = 10'000;

struct Seen {
    QString unknown; ///< why the lease cannot be seen; empty where it can
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
    seen.unknown = state.openExisting(line.stateDirectory);
    if (seen.unknown.isEmpty() && !state.exists() && line.hasOwnStateDirectory)
        seen.unknown = QStringLiteral("%1: there is no such folder").arg(line.stateDirectory);
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

/// What only those know who may see the lease is null where this user may not.
QJsonObject jsonOf(const Report& report, const QString& unknown) {
    QJsonObject object = json::toJson(report).toObject();
    if (unknown.isEmpty())
        return object;
    for (const char* member : {"state", "addresses", "port", "since", "winner", "winner_kind"})
        object.insert(QLatin1String(member), QJsonValue());
    object.insert(QLatin1String("state_unknown"), unknown);
    return object;
}

/// Of the mechanisms that would be used; where this user can use none, of the computer.
systemdns::Coverage coverageFor(const systemdns::Mechanisms& mechanisms,
                                const systemdns::Detection& detection,
                                const systemdns::Target& target) {
    systemdns::Coverage coverage = coverageOf(mechanisms, detection.chosen, target);
    if (detection.chosen.isEmpty())
        systemdns::coverLinks(systemdns::netLinks(), coverage);
    return coverage;
}

} // namespace

int describe(const CommandLine& line) {
    const auto mechanisms = systemdns::allMechanisms(line.surroundings);
    const systemdns::Target target{{QStringLiteral("127.0.0.1")}, line.port};
    const auto detection = systemdns::detect(mechanisms, target, std::nullopt);
    const Seen seen = lookAtState(line);
    Report report = described(seen.record, detection, coverageFor(mechanisms, detection, target));
    report.state = seen.state;
    report.fault = seen.fault;
    report.since = seen.since;
    if (line.json) {
        std::fputs(QJsonDocument(jsonOf(report, seen.unknown)).toJson().constData(), stdout);
    } else {
        std::fputs(textOf(report, seen.unknown).toLocal8Bit().constData(), stdout);
    }
    return seen.unknown.isEmpty() ? kDone : kNotDone;
}

} // namespace sotto::lease
