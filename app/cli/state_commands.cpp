// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "printable.h"
#include "quantity_text.h"
#include "route_text.h"
#include "status_text.h"
#include "system_text.h"
#include "table.h"
#include "unencrypted.h"

#include <algorithm>

namespace sotto::cli {

namespace {

using protocol::Status;

bool nothing(const QStringList& arguments) {
    return arguments.isEmpty();
}

/// Zero stands for what is not known.
QString knownDuration(double value) {
    return value > 0 ? durationText(value) : QStringLiteral("-");
}

/// "A 20, AAAA 10, other 3", the most frequent one first and what is summed up last.
QString typesText(QList<protocol::TypeCount> types) {
    std::ranges::stable_sort(types, [](const auto& a, const auto& b) {
        const bool summed = a.type == protocol::TypeCount::kOther;
        const bool otherSummed = b.type == protocol::TypeCount::kOther;
        return summed != otherSummed ? otherSummed : a.queries > b.queries;
    });
    QStringList parts;
    for (const protocol::TypeCount& type : types)
        parts += QStringLiteral("%1 %2").arg(type.type).arg(type.queries);
    return parts.isEmpty() ? QStringLiteral("-") : parts.join(QLatin1String(", "));
}

/// "tls://9.9.9.9%dns.quad9.net +3": the other addresses are counted.
QString placeOf(const protocol::Upstream& upstream) {
    const qsizetype more = upstream.addresses.size() - 1;
    return more > 0 ? QStringLiteral("%1 +%2").arg(upstream.spec).arg(more) : upstream.spec;
}

QString encryptionOf(const protocol::Upstream& upstream) {
    if (!upstream.encrypted)
        return QObject::tr("UNENCRYPTED");
    return upstream.tlsVersion.isEmpty() ? QStringLiteral("-") : upstream.tlsVersion;
}

QString upstreamsText(const QList<protocol::Upstream>& upstreams) {
    Table table({QObject::tr("UPSTREAM"), QObject::tr("ADDRESS"), QObject::tr("FOR"),
                 QObject::tr("STATE"), QObject::tr("TLS"), QObject::tr("RTT"),
                 QObject::tr("ANSWERS"), QObject::tr("FAILURES"), QObject::tr("LAST ERROR")});
    for (const protocol::Upstream& upstream : upstreams)
        table.addRow({upstream.label, placeOf(upstream),
                      upstream.route ? routeText(*upstream.route, upstream.routeMore)
                                     : QObject::tr("all names"),
                      enumText(upstream.state), encryptionOf(upstream),
                      knownDuration(upstream.rttMillis), QString::number(upstream.answers),
                      QString::number(upstream.failures), upstream.lastError});
    return table.text();
}

QStringList notesOn(const protocol::Upstream& upstream) {
    QStringList notes;
    if (upstream.resolvedUnencrypted)
        notes += QObject::tr("its address was looked up UNENCRYPTED");
    if (!upstream.warning.isEmpty())
        notes += upstream.warning;
    return notes;
}

/// In a line; "sottoctl system" has the rest.
QString systemText(const protocol::SystemDns& system) {
    QString text = systemStateText(system);
    if (system.state != protocol::SystemDnsState::On)
        return text;
    if (!system.mechanisms.isEmpty())
        text += QObject::tr(" through %1").arg(system.mechanisms.join(QLatin1String(", ")));
    if (!system.exceptions.isEmpty())
        text += QObject::tr(", not everything: see \"sottoctl system\"");
    return text;
}

void showStatus(Session& session, const Status& status) {
    if (session.json()) {
        session.printJson(protocol::toJson(status));
        return;
    }
    Table summary;
    summary.addRow({QObject::tr("Sotto"), switchText(status, QDateTime::currentDateTime())});
    summary.addRow({QObject::tr("Listening"), status.listen.join(QLatin1String(", "))});
    summary.addRow({QObject::tr("System DNS"), systemText(status.systemDns)});
    summary.addRow({QObject::tr("Policy"), status.policy});
    if (!status.bootstrap.isEmpty())
        summary.addRow({QObject::tr("Bootstrap"), unencryptedLookUps(status.bootstrap)});
    summary.addRow({QObject::tr("Query log"),
                    status.queryLog ? QObject::tr("kept in memory") : QObject::tr("switched off")});
    summary.addRow({QObject::tr("Version"), status.version});
    session.print(summary.text() + QLatin1Char('\n'));
    session.print(upstreamsText(status.upstreams));
    for (const protocol::Upstream& upstream : status.upstreams) {
        for (const QString& note : notesOn(upstream))
            session.print(
                QObject::tr("\n%1: %2\n").arg(printable(upstream.label), printable(note)));
    }
    for (const QString& notice : status.notices)
        session.print(QObject::tr("\nNote: %1\n").arg(printable(notice)));
}

ExitCode showStatusNow(Session& session, const QStringList&) {
    const auto status = session.call<protocol::GetStatus>({});
    if (!status)
        return session.failure();
    showStatus(session, *status);
    return Done;
}

ExitCode showStatistics(Session& session, const QStringList&) {
    const auto statistics = session.call<protocol::GetStatistics>({});
    if (!statistics)
        return session.failure();
    if (session.json()) {
        session.printJson(protocol::toJson(*statistics));
        return Done;
    }
    const auto& s = *statistics;
    const auto number = [](qint64 value) { return QString::number(value); };
    Table table;
    table.addRow({QObject::tr("Uptime"), QObject::tr("%1 s").arg(s.uptimeSeconds)});
    table.addRow(
        {QObject::tr("Queries"),
         QObject::tr("%1 (UDP %2, TCP %3)").arg(s.queries).arg(s.queriesUdp).arg(s.queriesTcp)});
    table.addRow({QObject::tr("Types asked for"), typesText(s.queriesByType)});
    table.addRow({QObject::tr("Cache hits"),
                  QObject::tr("%1 (%2 %)").arg(s.cacheHits).arg(100 * s.hitRate(), 0, 'f', 1)});
    table.addRow({QObject::tr("Of these, expired"), number(s.staleAnswers)});
    table.addRow({QObject::tr("Cache misses"),
                  QObject::tr("%1 (%2 joined another)").arg(s.cacheMisses).arg(s.coalesced)});
    table.addRow(
        {QObject::tr("Cache"), QObject::tr("%1, %2 of %3, %4 evicted")
                                   .arg(answersText(s.cacheEntries), sizeText(s.cacheBytes),
                                        sizeText(s.cacheCapacityBytes))
                                   .arg(s.cacheEvictions)});
    table.addRow({QObject::tr("Asked anew"), number(s.prefetches)});
    table.addRow({QObject::tr("Answered here"), number(s.localAnswers)});
    table.addRow({QObject::tr("Upstream queries"),
                  QObject::tr("%1 (%2 failed)").arg(s.upstreamQueries).arg(s.upstreamFailures)});
    table.addRow({QObject::tr("Of these, raced"), number(s.racedQueries)});
    table.addRow({QObject::tr("Hit time"),
                  QObject::tr("median %1, 99 % within %2")
                      .arg(knownDuration(s.hitMedianMillis), knownDuration(s.hitP99Millis))});
    table.addRow({QObject::tr("Miss time"),
                  QObject::tr("median %1, 99 % within %2")
                      .arg(knownDuration(s.missMedianMillis), knownDuration(s.missP99Millis))});
    table.addRow({QObject::tr("Failed"), number(s.failed)});
    table.addRow({QObject::tr("Refused"), number(s.refused)});
    table.addRow({QObject::tr("Too many at once"), number(s.tooManyAtOnce)});
    table.addRow({QObject::tr("Malformed"), number(s.malformed)});
    table.addRow({QObject::tr("Truncated"), number(s.truncated)});
    table.addRow({QObject::tr("Lost log entries"), number(s.logDropped)});
    session.print(table.text());
    return Done;
}

} // namespace

std::vector<Command> stateCommands() {
    return {
        {"status", "", "Show whether queries are protected, and by whom",
         "Shows the protection or the pause, the addresses that are served, the system's DNS, "
         "every\n"
         "upstream with its state, and notices. Anybody may ask.",
         nothing, showStatusNow},
        {"stats", "", "Show counters and answer times",
         "Shows counters since the start of the service, and how long answers took.", nothing,
         showStatistics},
    };
}

} // namespace sotto::cli
