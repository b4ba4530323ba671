// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "explanation.h"
#include "flush_options.h"
#include "printable.h"
#include "quantity_text.h"
#include "query_options.h"

#include <QUrl>

#include <algorithm>
#include <array>

namespace sotto::cli {

namespace {

bool acceptsFlush(const QStringList& arguments) {
    return FlushOptions::read(arguments).has_value();
}

bool acceptsQuery(const QStringList& arguments) {
    return QueryOptions::read(arguments).has_value();
}

/// A name as DNS has it: international ones in their ASCII form (IDNA), others as they are.
QString asciiName(const QString& name) {
    const bool isAscii = std::ranges::all_of(name, [](QChar c) { return c.unicode() < 0x80; });
    const QString ascii = isAscii ? name : QString::fromLatin1(QUrl::toAce(name));
    return ascii.isEmpty() ? name : ascii;
}

/// The meaning of an extended error (RFC 8914 section 4).
QString extendedErrorText(int code) {
    static const std::array texts{
        QObject::tr("another error"),
        QObject::tr("the DNSKEY algorithm is not supported"),
        QObject::tr("the DS digest is not supported"),
        QObject::tr("an expired answer"),
        QObject::tr("the answer was forged by policy"),
        QObject::tr("DNSSEC could not decide"),
        QObject::tr("DNSSEC found the answer to be wrong"),
        QObject::tr("the signature has expired"),
        QObject::tr("the signature is not valid yet"),
        QObject::tr("the DNSKEY is missing"),
        QObject::tr("signatures are missing"),
        QObject::tr("no zone key bit is set"),
        QObject::tr("NSEC is missing"),
        QObject::tr("the error was cached"),
        QObject::tr("the server is not ready"),
        QObject::tr("blocked by the server"),
        QObject::tr("censored"),
        QObject::tr("filtered as its user wished"),
        QObject::tr("prohibited"),
        QObject::tr("an expired answer that the name does not exist"),
        QObject::tr("the server is not authoritative"),
        QObject::tr("not supported"),
        QObject::tr("no server could be reached"),
        QObject::tr("a network error"),
        QObject::tr("invalid data"),
    };
    return code >= 0 && code < static_cast<int>(texts.size())
               ? texts[static_cast<std::size_t>(code)]
               : QObject::tr("no known meaning");
}

ExitCode flush(Session& session, const QStringList& arguments) {
    const FlushOptions options = FlushOptions::read(arguments).value_or(FlushOptions{});
    protocol::FlushParams params;
    if (options.name)
        params.name = asciiName(*options.name);
    params.subtree = options.subtree;
    const auto result = session.call<protocol::FlushCache>(params);
    if (!result)
        return session.failure();
    if (session.json())
        session.printJson(protocol::toJson(*result));
    else
        session.print(QObject::tr("%1 forgotten.\n").arg(answersText(result->removed)));
    return Done;
}

QString explanationText(const protocol::LogEntry& entry) {
    QString text(QLatin1Char('\n'));
    const QStringList lines = explanationOf(entry);
    for (const QString& line : lines)
        text += printable(line) + QLatin1Char('\n');
    return text;
}

/// An answer that says that there is nothing is an answer too.
bool isAnswer(const QString& rcode) {
    return rcode == QLatin1String("NOERROR") || rcode == QLatin1String("NXDOMAIN");
}

ExitCode query(Session& session, const QStringList& arguments) {
    const QueryOptions options = QueryOptions::read(arguments).value_or(QueryOptions{});
    protocol::QueryParams params;
    params.name = asciiName(options.name);
    params.type = options.type;
    const auto result = session.call<protocol::Query>(params);
    if (!result)
        return session.failure();
    const protocol::LogEntry& entry = result->entry;
    if (session.json()) {
        session.printJson(protocol::toJson(*result));
    } else {
        for (const QString& record : result->records)
            session.print(printable(record) + QLatin1Char('\n'));
        session.print(
            printable(QStringLiteral("%1, %2, %3")
                          .arg(entry.rcode, originOf(entry), durationText(entry.durationMillis))) +
            QLatin1Char('\n'));
        if (entry.extendedError)
            session.print(QObject::tr("Extended error %1: %2\n")
                              .arg(*entry.extendedError)
                              .arg(extendedErrorText(*entry.extendedError)));
        if (options.explain)
            session.print(explanationText(entry));
    }
    return isAnswer(entry.rcode) ? Done : Refused;
}

} // namespace

std::vector<Command> cacheCommands() {
    return {
        {"flush", "[[--subtree] NAME]", "Forget cached answers",
         "Forgets every cached answer, or with NAME those to questions for that name, and with\n"
         "--subtree also for all names below it.",
         acceptsFlush, flush},
        {"query", "[--explain] NAME [TYPE]", "Ask a question through the forwarder",
         "Asks a question as a client would, through the cache and the upstreams. TYPE is a\n"
         "record type such as A (without one), AAAA, HTTPS or TYPE65. The records of the answer\n"
         "come first, then the result, its source and the time it took. --explain adds how it was\n"
         "answered: from the cache, by which upstreams, why some failed, and how long each step\n"
         "took. The exit status is 0 for NOERROR and NXDOMAIN, else 1.",
         acceptsQuery, query},
    };
}

} // namespace sotto::cli
