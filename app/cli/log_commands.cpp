// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "explanation.h"
#include "interrupt.h"
#include "log_options.h"
#include "printable.h"
#include "quantity_text.h"
#include "table.h"

#include <QDateTime>

namespace sotto::cli {

namespace {

using protocol::Client;
using protocol::LogBatch;
using protocol::LogEntry;

bool accepts(const QStringList& arguments) {
    return LogOptions::read(arguments).has_value();
}

QStringList cellsOf(const LogEntry& entry) {
    const QString time = QDateTime::fromMSecsSinceEpoch(entry.time)
                             .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    return {time,
            entry.type,
            entry.name,
            entry.rcode,
            originOf(entry),
            durationText(entry.durationMillis),
            entry.client.isEmpty() ? entry.transport : entry.client};
}

void showExplained(Session& session, const LogEntry& entry) {
    Table table;
    table.addRow(cellsOf(entry));
    QString text = table.text();
    const QStringList lines = explanationOf(entry);
    for (const QString& line : lines)
        text += QStringLiteral("    ") + printable(line) + QLatin1Char('\n');
    session.print(text);
}

void show(Session& session, const LogBatch& batch, const LogOptions& options) {
    Table table;
    for (const LogEntry& entry : batch.entries) {
        if (session.json())
            session.printJson(protocol::toJson(entry));
        else if (options.explain)
            showExplained(session, entry);
        else
            table.addRow(cellsOf(entry));
    }
    if (!table.isEmpty())
        session.print(table.text());
    if (batch.dropped > 0)
        Session::complain(batch.dropped == 1
                              ? QObject::tr("1 entry was lost.")
                              : QObject::tr("%1 entries were lost.").arg(batch.dropped));
}

ExitCode follow(Session& session, const LogOptions& options) {
    QEventLoop loop;
    Interrupt interrupt;
    ExitCode code = Done;
    QObject::connect(&interrupt, &Interrupt::interrupted, &loop, &QEventLoop::quit);
    QObject::connect(&session.client(), &Client::logEntries, &loop, [&](const LogBatch& batch) {
        show(session, batch, options);
        if (!session.outputWorks())
            loop.quit();
    });
    QObject::connect(&session.client(), &Client::stateChanged, &loop, [&](Client::State state) {
        if (state == Client::State::Ready)
            return;
        code = NotReachable;
        session.tellNotReachable(session.client().failure());
        loop.quit();
    });
    loop.exec();
    return code;
}

ExitCode showLog(Session& session, const QStringList& arguments) {
    const LogOptions options = LogOptions::read(arguments).value_or(LogOptions{});
    const auto status = session.call<protocol::GetStatus>({});
    if (!status)
        return session.failure();
    const auto kept = session.call<protocol::SubscribeLog>({options.lines});
    if (!kept)
        return session.failure();
    if (!options.follow && session.json()) {
        session.printJson(protocol::toJson(*kept));
        return Done;
    }
    show(session, *kept, options);
    if (!status->queryLog)
        Session::complain(
            QObject::tr("The query log is switched off in the settings (log.entries is 0)."));
    else if (kept->entries.isEmpty() && options.lines > 0 && !options.follow)
        Session::complain(QObject::tr("Nothing was asked yet."));
    return options.follow ? follow(session, options) : Done;
}

} // namespace

std::vector<Command> logCommands() {
    return {
        {"log", "[--follow] [--explain] [--lines N]", "Show the newest entries of the query log",
         "Shows the newest N entries (20 where none is given) of the log that the service keeps\n"
         "in memory: time, type, name, result, where the answer came from (and whether it came\n"
         "UNENCRYPTED), how long it took, and who asked. --explain adds how each was answered. "
         "--follow (-f) goes on with new ones\n"
         "until Ctrl-C; with --json it gives one object a line.",
         accepts, showLog},
    };
}

} // namespace sotto::cli
