// SPDX-License-Identifier: GPL-3.0-or-later
#include "explanation.h"

#include "quantity_text.h"
#include "route_text.h"

#include <QObject>

#include <algorithm>

namespace sotto::cli {

namespace {

using protocol::AnswerSource;
using protocol::Attempt;
using protocol::ConnectionUse;
using protocol::LogEntry;

QString ruleText(const QString& rule) {
    if (rule == QLatin1String("special_name"))
        return QObject::tr("Answered here: the name has a meaning on this computer or in its "
                           "network only.");
    if (rule == QLatin1String("browser_canary"))
        return QObject::tr("Answered here: browsers that ask for this name leave DNS to the "
                           "system.");
    if (rule == QLatin1String("forwarding_off"))
        return QObject::tr("Refused here: Sotto is off.");
    if (rule == QLatin1String("type_refused"))
        return QObject::tr("Refused here: questions of this kind are not forwarded.");
    if (rule == QLatin1String("malformed"))
        return QObject::tr("Refused here: the question was malformed.");
    if (rule == QLatin1String("too_many_at_once"))
        return QObject::tr("Refused here: too many questions were on their way "
                           "(forward.max_concurrent).");
    if (rule == QLatin1String("all_upstreams_down"))
        return QObject::tr("Failed here: every upstream is down "
                           "(forward.failfast_all_unhealthy_upstreams).");
    return QObject::tr("Answered here (%1).").arg(rule);
}

QString sourceText(const LogEntry& entry) {
    const QString age = QObject::tr("%1 s").arg(entry.cacheAgeSeconds.value_or(0));
    switch (entry.source) {
    case AnswerSource::Cache:
        return QObject::tr("From the cache, %1 after the answer came.").arg(age);
    case AnswerSource::Stale:
        return QObject::tr("From the cache, %1 after the answer came, though it has expired.")
            .arg(age);
    case AnswerSource::Upstream:
        return QObject::tr("From %1.").arg(entry.answerer());
    case AnswerSource::Coalesced:
        return QObject::tr("From %1, which had been asked the same a moment before.")
            .arg(entry.answerer());
    case AnswerSource::Local:
        return entry.rule ? ruleText(*entry.rule) : QObject::tr("Answered here.");
    case AnswerSource::Failed:
        return entry.rule ? ruleText(*entry.rule) : QObject::tr("No upstream gave an answer.");
    }
    return {};
}

QString connectionText(ConnectionUse use) {
    switch (use) {
    case ConnectionUse::None:
        return QObject::tr("no connection");
    case ConnectionUse::Reused:
        return QObject::tr("open connection");
    case ConnectionUse::New:
        return QObject::tr("new connection");
    case ConnectionUse::Resumed:
        return QObject::tr("resumed connection");
    case ConnectionUse::EarlyData:
        return QObject::tr("resumed connection, query in its first flight");
    case ConnectionUse::Plain:
        return QObject::tr("UNENCRYPTED");
    }
    return {};
}

/// Of an attempt that took part, each step with its time.
QString stepsText(const Attempt& attempt) {
    QStringList steps{connectionText(attempt.connection)};
    double waited = 0;
    if (attempt.connectMillis) {
        steps += QObject::tr("TCP %1").arg(durationText(*attempt.connectMillis));
        waited += *attempt.connectMillis;
    }
    if (attempt.tlsMillis) {
        steps += QObject::tr("TLS %1").arg(durationText(*attempt.tlsMillis));
        waited += *attempt.tlsMillis;
    }
    if (attempt.outcome == Attempt::kAnswered && waited > 0)
        steps +=
            QObject::tr("answer %1").arg(durationText(std::max(0.0, attempt.tookMillis - waited)));
    return steps.join(QLatin1String(", "));
}

QStringList attemptLines(const Attempt& attempt, qsizetype number) {
    QString who = attempt.server();
    if (!attempt.address.isEmpty() && attempt.address != attempt.upstream)
        who += QStringLiteral(" (%1)").arg(attempt.address);
    QString result = attempt.outcome == Attempt::kPending
                         ? QObject::tr("given up, another one was faster")
                         : attempt.reason;
    if (attempt.rcode)
        result += QStringLiteral(", ") + *attempt.rcode;
    if (attempt.raced)
        result += QObject::tr(" (asked because the one before was late)");
    return {QStringLiteral("%1. %2: %3").arg(number).arg(who, result),
            QObject::tr("   at %1, for %2: %3")
                .arg(durationText(attempt.startedMillis), durationText(attempt.tookMillis),
                     stepsText(attempt))};
}

} // namespace

QString originOf(const LogEntry& entry) {
    QString origin = enumText(entry.source);
    const bool inClear = std::ranges::any_of(entry.attempts, [](const Attempt& attempt) {
        return attempt.outcome == Attempt::kAnswered && attempt.connection == ConnectionUse::Plain;
    });
    if (!entry.upstream.isEmpty())
        origin += QStringLiteral(" (%1)").arg(entry.answerer());
    if (inClear)
        origin += QLatin1Char(' ') + QObject::tr("UNENCRYPTED");
    return origin;
}

QStringList explanationOf(const LogEntry& entry) {
    QStringList lines{sourceText(entry)};
    if (entry.route)
        lines += QObject::tr("Route: names in %1 go to servers of their own.")
                     .arg(routeText(*entry.route, entry.routeMore));
    if (entry.ttlSeconds)
        lines += QObject::tr("Shortest TTL in the answer: %1 s.").arg(*entry.ttlSeconds);
    for (qsizetype i = 0; i < entry.attempts.size(); ++i)
        lines += attemptLines(entry.attempts[i], i + 1);
    return lines;
}

} // namespace sotto::cli
