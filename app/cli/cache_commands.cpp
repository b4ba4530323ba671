// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "printable.h"

namespace sotto::cli {

namespace {

bool atMostOne(const QStringList& arguments) {
    return arguments.size() <= 1;
}

bool oneOrTwo(const QStringList& arguments) {
    return arguments.size() == 1 || arguments.size() == 2;
}

ExitCode flush(Session& session, const QStringList& arguments) {
    protocol::FlushParams params;
    if (!arguments.isEmpty())
        params.name = arguments.first();
    const auto result = session.call<protocol::FlushCache>(params);
    if (!result)
        return session.failure();
    if (session.json())
        session.printJson(protocol::toJson(*result));
    else
        session.print(QObject::tr("%1 answers forgotten.\n").arg(result->removed));
    return Done;
}

/// An answer that says that there is nothing is an answer too.
bool isAnswer(const QString& rcode) {
    return rcode == QLatin1String("NOERROR") || rcode == QLatin1String("NXDOMAIN");
}

ExitCode query(Session& session, const QStringList& arguments) {
    protocol::QueryParams params;
    params.name = arguments.first();
    if (arguments.size() > 1)
        params.type = arguments[1];
    const auto result = session.call<protocol::Query>(params);
    if (!result)
        return session.failure();
    const protocol::LogEntry& entry = result->entry;
    if (session.json()) {
        session.printJson(protocol::toJson(*result));
    } else {
        for (const QString& record : result->records)
            session.print(printable(record) + QLatin1Char('\n'));
        QString from = enumText(entry.source);
        if (!entry.upstream.isEmpty())
            from += QStringLiteral(" (%1)").arg(entry.upstream);
        session.print(
            printable(QStringLiteral("%1, %2, %3 ms")
                          .arg(entry.rcode, from, QString::number(entry.durationMillis, 'f', 2))) +
            QLatin1Char('\n'));
    }
    return isAnswer(entry.rcode) ? Done : Refused;
}

} // namespace

std::vector<Command> cacheCommands() {
    return {
        {"flush", "[NAME]", "Forget cached answers",
         "Forgets every cached answer, or with NAME those to questions for that name.", atMostOne,
         flush},
        {"query", "NAME [TYPE]", "Ask a question through the forwarder",
         "Asks a question as a client would, through the cache and the upstreams. TYPE is a\n"
         "record type such as A (without one), AAAA, HTTPS or TYPE65. The records of the answer\n"
         "come first, then the result, its source and the time it took. The exit status is 0 for\n"
         "NOERROR and NXDOMAIN, else 1.",
         oneOrTwo, query},
    };
}

} // namespace sotto::cli
