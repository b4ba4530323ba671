// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/answer_explanation.h"

#include "core/texts.h"

#include <QCoreApplication>
#include <QStringList>

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

QString origin(const protocol::LogEntry& entry) {
    const QString provider = entry.upstream.isEmpty()
                                 ? QCoreApplication::translate("sotto", "a provider")
                                 : entry.upstream;
    switch (entry.source) {
    case protocol::AnswerSource::Cache:
        return QCoreApplication::translate("sotto",
                                           "Answered from Sotto's memory; no provider was asked.");
    case protocol::AnswerSource::Stale:
        return QCoreApplication::translate(
            "sotto", "Answered from Sotto's memory with an answer past its time, as the settings "
                     "allow.");
    case protocol::AnswerSource::Upstream:
        return QCoreApplication::translate("sotto", "Answered by %1 over an encrypted connection.")
            .arg(provider);
    case protocol::AnswerSource::Coalesced:
        return QCoreApplication::translate("sotto",
                                           "The same question was already on its way to %1; this "
                                           "one waited for the same answer.")
            .arg(provider);
    case protocol::AnswerSource::Local:
        return QCoreApplication::translate("sotto",
                                           "Answered by Sotto itself; nothing was sent anywhere.");
    case protocol::AnswerSource::Failed:
        return failure(entry.extendedError);
    }
    return {};
}

} // namespace

QString answerExplanation(const protocol::LogEntry& entry) {
    QStringList sentences{origin(entry)};
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
