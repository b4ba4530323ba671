// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/answer_explanation.h"

#include "core/texts.h"

#include <QCoreApplication>
#include <QStringList>

namespace sotto::app {

namespace {

QString origin(const protocol::LogEntry& entry) {
    const QString provider = entry.upstream.isEmpty()
                                 ? QCoreApplication::translate("sotto", "a provider")
                                 : entry.upstream;
    switch (entry.source) {
    case protocol::AnswerSource::Cache:
        return QCoreApplication::translate("sotto",
                                           "Answered from Sotto's memory; no provider was asked.");
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
        return QCoreApplication::translate(
            "sotto", "No provider gave an answer in time, so Sotto reported a failure.");
    }
    return {};
}

} // namespace

QString answerExplanation(const protocol::LogEntry& entry) {
    QStringList sentences{origin(entry)};
    if (entry.rcode == QLatin1String("NOERROR") && entry.answers == 0)
        sentences.append(QCoreApplication::translate(
            "sotto", "The name exists but has no record of this type."));
    else
        sentences.append(rcodeMeaning(entry.rcode));
    if (entry.extendedError)
        sentences.append(QCoreApplication::translate("sotto", "Extended error %1.")
                             .arg(extendedErrorText(*entry.extendedError)));
    sentences.removeAll(QString());
    return sentences.join(QLatin1Char(' '));
}

} // namespace sotto::app
