// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/answer_explanation.h"

#include "core/outcome_text.h"
#include "core/texts.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <optional>

namespace sotto::app {

namespace {

/// The service says with RFC 8914 §4.23 and §4.24 whether a question went out.
QString failure(std::optional<int> extendedError) {
    constexpr int kNoReachableAuthority = 22;
    constexpr int kNetworkError = 23;
    switch (extendedError.value_or(-1)) {
    case kNoReachableAuthority:
        return QCoreApplication::translate("sotto",
                                           "Providers were asked but gave no usable answer.");
    case kNetworkError:
        return QCoreApplication::translate(
            "sotto", "No provider could be reached or trusted; nothing was sent.");
    default:
        return QCoreApplication::translate("sotto", "No provider gave a usable answer.");
    }
}

/// Why the service answered itself, with a space before; empty where it says nothing that is known.
QString ruleText(const std::optional<QString>& rule) {
    struct Rule {
        QLatin1String name;
        const char* text;
    };
    static constexpr std::array kRules{
        Rule{QLatin1String("special_name"),
             QT_TRANSLATE_NOOP("sotto", "It is a name that never leaves this computer.")},
        Rule{QLatin1String("browser_canary"),
             QT_TRANSLATE_NOOP("sotto", "Browsers ask for it to learn whether to leave look-ups to "
                                        "this computer; they should.")},
        Rule{QLatin1String("forwarding_off"), QT_TRANSLATE_NOOP("sotto", "Sotto is turned off.")},
        Rule{QLatin1String("type_refused"),
             QT_TRANSLATE_NOOP("sotto", "Questions of this kind are not passed on.")},
        Rule{QLatin1String("malformed"), QT_TRANSLATE_NOOP("sotto", "It could not be read.")},
        Rule{
            QLatin1String("too_many_at_once"),
            QT_TRANSLATE_NOOP("sotto", "Too many questions were on their way at once; ask again.")},
        Rule{QLatin1String("all_upstreams_down"),
             QT_TRANSLATE_NOOP("sotto", "All providers were down, and the settings say not to wait "
                                        "for them then.")},
    };
    const auto found =
        std::ranges::find_if(kRules, [&](const Rule& known) { return rule == known.name; });
    return found == kRules.end()
               ? QString()
               : QLatin1Char(' ') + QCoreApplication::translate("sotto", found->text);
}

bool wasPlain(const protocol::LogEntry& entry) {
    return std::ranges::any_of(entry.attempts, [](const protocol::Attempt& attempt) {
        return attempt.outcome == protocol::Attempt::kAnswered &&
               attempt.connection == protocol::ConnectionUse::Plain;
    });
}

QString ageText(const protocol::LogEntry& entry) {
    if (!entry.cacheAgeSeconds)
        return {};
    const QString age = uptimeText(*entry.cacheAgeSeconds);
    return entry.ttlSeconds
               ? QCoreApplication::translate(
                     "sotto", "The answer came %1 ago; the program may keep it for %2.")
                     .arg(age, uptimeText(*entry.ttlSeconds))
               : QCoreApplication::translate("sotto", "The answer came %1 ago.").arg(age);
}

QString origin(const protocol::LogEntry& entry) {
    const QString answerer = entry.answerer();
    const QString provider =
        answerer.isEmpty() ? QCoreApplication::translate("sotto", "a provider") : answerer;
    switch (entry.source) {
    case protocol::AnswerSource::Cache:
        return QCoreApplication::translate("sotto",
                                           "Answered from Sotto's memory; no provider was asked.");
    case protocol::AnswerSource::Stale:
        return QCoreApplication::translate(
            "sotto", "Answered from Sotto's memory with an answer past its time, as the settings "
                     "allow.");
    case protocol::AnswerSource::Upstream:
        return (wasPlain(entry)
                    ? QCoreApplication::translate("sotto", "Answered by %1, unencrypted.")
                    : QCoreApplication::translate("sotto",
                                                  "Answered by %1 over an encrypted connection."))
            .arg(provider);
    case protocol::AnswerSource::Coalesced:
        return QCoreApplication::translate("sotto",
                                           "The same question was already on its way to %1; this "
                                           "one waited for the same answer.")
            .arg(provider);
    case protocol::AnswerSource::Local:
        return QCoreApplication::translate("sotto",
                                           "Answered by Sotto itself; nothing was sent anywhere.") +
               ruleText(entry.rule);
    case protocol::AnswerSource::Failed:
        return failure(entry.extendedError) + ruleText(entry.rule);
    }
    return {};
}

/// How the question went out, where it did.
QString sendingText(const protocol::Attempt& attempt) {
    switch (attempt.connection) {
    case protocol::ConnectionUse::None:
        return {};
    case protocol::ConnectionUse::Reused:
        return QCoreApplication::translate("sotto", "asked over an open connection");
    case protocol::ConnectionUse::New:
        return QCoreApplication::translate("sotto", "asked over the new connection");
    case protocol::ConnectionUse::Resumed:
        return QCoreApplication::translate("sotto", "asked over the resumed connection");
    case protocol::ConnectionUse::EarlyData:
        return QCoreApplication::translate("sotto",
                                           "asked along with the TLS handshake (early data)");
    case protocol::ConnectionUse::Plain:
        return QCoreApplication::translate("sotto", "asked unencrypted");
    }
    return {};
}

QString endingText(const protocol::Attempt& attempt) {
    if (attempt.outcome == protocol::Attempt::kPending)
        return QCoreApplication::translate("sotto", "no answer was awaited any more");
    const QString text = outcomeText(attempt.outcome, attempt.reason);
    return attempt.rcode ? QStringLiteral("%1, %2").arg(text, *attempt.rcode) : text;
}

QString serverText(const protocol::Attempt& attempt) {
    return attempt.address.isEmpty() || attempt.address == attempt.upstream
               ? attempt.server()
               : QStringLiteral("%1 (%2)").arg(attempt.server(), attempt.address);
}

void appendAttempt(QList<AnswerStep>& steps, const protocol::Attempt& attempt) {
    const auto line = [](const QString& who, const QString& what) {
        return QStringLiteral("%1: %2").arg(who, what);
    };
    const QString server = serverText(attempt);
    const double connect = attempt.connectMillis.value_or(0);
    const bool early = attempt.connection == protocol::ConnectionUse::EarlyData;
    const double tls = early ? 0 : attempt.tlsMillis.value_or(0);
    double at = attempt.startedMillis;
    if (attempt.raced)
        steps.append({at,
                      line(attempt.server(),
                           QCoreApplication::translate(
                               "sotto", "asked as well, because the first is later than usual")),
                      std::nullopt, false});
    if (connect > 0) {
        steps.append({at, line(server, QCoreApplication::translate("sotto", "TCP handshake")),
                      connect, false});
        at += connect;
    }
    if (tls > 0) {
        steps.append({at,
                      line(server, attempt.connection == protocol::ConnectionUse::Resumed
                                       ? QCoreApplication::translate(
                                             "sotto", "TLS handshake, resumed with a ticket")
                                       : QCoreApplication::translate("sotto", "TLS handshake")),
                      tls, false});
        at += tls;
    }
    const QString sending = sendingText(attempt);
    const QString ending = endingText(attempt);
    const double rest = std::max(0.0, attempt.tookMillis - (at - attempt.startedMillis));
    const bool failed = attempt.outcome != protocol::Attempt::kAnswered &&
                        attempt.outcome != protocol::Attempt::kPending;
    steps.append(
        {at,
         line(server, sending.isEmpty() ? ending : QStringLiteral("%1; %2").arg(sending, ending)),
         rest > 0 ? std::optional(rest) : std::nullopt, failed});
}

} // namespace

QString stepTimeText(double millis) {
    return QStringLiteral("+") + (millis > 0
                                      ? durationText(millis)
                                      : QCoreApplication::translate("sotto", "%1 ms").arg(0));
}

QList<AnswerStep> answerSteps(const protocol::LogEntry& entry) {
    QList<AnswerStep> steps;
    for (const protocol::Attempt& attempt : entry.attempts)
        appendAttempt(steps, attempt);
    std::ranges::stable_sort(steps, std::ranges::less{}, &AnswerStep::atMillis);
    return steps;
}

QString answerStepsText(const QList<AnswerStep>& steps) {
    QStringList lines;
    for (const AnswerStep& step : steps) {
        QStringList cells{stepTimeText(step.atMillis), step.text};
        if (step.tookMillis)
            cells.append(durationText(*step.tookMillis));
        lines.append(cells.join(QLatin1Char('\t')));
    }
    return lines.join(QLatin1Char('\n'));
}

QString answerExplanation(const protocol::LogEntry& entry) {
    QStringList sentences{origin(entry), ageText(entry)};
    if (entry.route)
        sentences.append(QCoreApplication::translate(
                             "sotto", "Names below %1 have servers of their own (a route).")
                             .arg(routeText(*entry.route, entry.routeMore)));
    if (entry.rcode == QLatin1String("NOERROR") && entry.answers == 0)
        sentences.append(QCoreApplication::translate(
            "sotto", "The name exists but has no record of this type."));
    else if (entry.source != protocol::AnswerSource::Failed)
        sentences.append(rcodeMeaning(entry.rcode));
    if (entry.extendedError)
        sentences.append(QCoreApplication::translate("sotto", "Extended error %1.")
                             .arg(extendedErrorText(*entry.extendedError)));
    sentences.removeAll(QString());
    return sentences.join(QLatin1Char(' '));
}

} // namespace sotto::app
