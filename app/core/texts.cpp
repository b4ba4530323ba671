// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/texts.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace sotto::app {

namespace {

QString word(const char* text) {
    return QCoreApplication::translate("sotto", text);
}

/// RFC 8914 §4 and the registry's later entries, by code.
constexpr std::array kExtendedErrors{
    QT_TRANSLATE_NOOP("sotto", "other error"),
    QT_TRANSLATE_NOOP("sotto", "unsupported DNSKEY algorithm"),
    QT_TRANSLATE_NOOP("sotto", "unsupported DS digest type"),
    QT_TRANSLATE_NOOP("sotto", "stale answer"),
    QT_TRANSLATE_NOOP("sotto", "forged answer"),
    QT_TRANSLATE_NOOP("sotto", "DNSSEC indeterminate"),
    QT_TRANSLATE_NOOP("sotto", "DNSSEC bogus"),
    QT_TRANSLATE_NOOP("sotto", "signature expired"),
    QT_TRANSLATE_NOOP("sotto", "signature not yet valid"),
    QT_TRANSLATE_NOOP("sotto", "DNSKEY missing"),
    QT_TRANSLATE_NOOP("sotto", "signatures missing"),
    QT_TRANSLATE_NOOP("sotto", "no zone key bit set"),
    QT_TRANSLATE_NOOP("sotto", "NSEC missing"),
    QT_TRANSLATE_NOOP("sotto", "cached error"),
    QT_TRANSLATE_NOOP("sotto", "not ready"),
    QT_TRANSLATE_NOOP("sotto", "blocked"),
    QT_TRANSLATE_NOOP("sotto", "censored"),
    QT_TRANSLATE_NOOP("sotto", "filtered"),
    QT_TRANSLATE_NOOP("sotto", "prohibited"),
    QT_TRANSLATE_NOOP("sotto", "stale NXDOMAIN answer"),
    QT_TRANSLATE_NOOP("sotto", "not authoritative"),
    QT_TRANSLATE_NOOP("sotto", "not supported"),
    QT_TRANSLATE_NOOP("sotto", "no reachable server"),
    QT_TRANSLATE_NOOP("sotto", "network error"),
    QT_TRANSLATE_NOOP("sotto", "invalid data"),
};

} // namespace

QString durationText(double millis) {
    const QLocale locale;
    if (millis <= 0)
        return QStringLiteral("—");
    if (millis < 1)
        return QCoreApplication::translate("sotto", "%1 µs")
            .arg(locale.toString(std::max(1.0, millis * 1000), 'f', 0));
    if (millis >= 1000)
        return QCoreApplication::translate("sotto", "%1 s")
            .arg(locale.toString(millis / 1000, 'f', 1));
    const int decimals = millis < 10 ? 1 : 0;
    return QCoreApplication::translate("sotto", "%1 ms")
        .arg(locale.toString(millis, 'f', decimals));
}

QString countText(qint64 count) {
    return QLocale().toString(count);
}

QString bytesText(qint64 bytes) {
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat);
}

QString shareText(double share) {
    constexpr double kLeast = 0.1;
    constexpr double kMost = 99.9;
    const double percent = share * 100;
    if (percent > 0 && percent < kLeast)
        return QCoreApplication::translate("sotto", "< %1 %", "less than so many per cent")
            .arg(QLocale().toString(kLeast, 'f', 1));
    const bool nearAnEnd =
        (percent > 0 && percent < 1 - kLeast / 2) || (percent > 99 && percent < 100);
    return QCoreApplication::translate("sotto", "%1 %", "per cent")
        .arg(QLocale().toString(nearAnEnd ? std::min(percent, kMost) : percent, 'f',
                                nearAnEnd ? 1 : 0));
}

QString uptimeText(qint64 seconds) {
    const qint64 minutes = seconds / 60;
    const qint64 hours = minutes / 60;
    if (hours >= 24)
        return QCoreApplication::translate("sotto", "%1 d %2 h").arg(hours / 24).arg(hours % 24);
    if (hours > 0)
        return QCoreApplication::translate("sotto", "%1 h %2 min").arg(hours).arg(minutes % 60);
    if (minutes > 0)
        return QCoreApplication::translate("sotto", "%1 min").arg(minutes);
    return QCoreApplication::translate("sotto", "%1 s").arg(seconds);
}

QString routeText(const QString& zone, const std::optional<int>& more) {
    return more ? QCoreApplication::translate("sotto", "%1 and %n more", "zones", *more).arg(zone)
                : zone;
}

QString joinedText(const QStringList& items) {
    if (items.size() < 2)
        return items.value(0);
    return QCoreApplication::translate("sotto", "%1 and %2", "the last two of a list")
        .arg(items.mid(0, items.size() - 1).join(QStringLiteral(", ")), items.last());
}

QString asSentence(const QString& text) {
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty() || QStringLiteral(".!?…").contains(trimmed.back()))
        return trimmed;
    return trimmed + QLatin1Char('.');
}

QString capitalized(const QString& text) {
    return text.isEmpty() ? text : text.at(0).toUpper() + text.mid(1);
}

QString plainReason(const QString& error) {
    const qsizetype colon = error.indexOf(QLatin1String(": "));
    return error.startsWith(QLatin1String("QLocalSocket::")) && colon > 0 ? error.mid(colon + 2)
                                                                          : error;
}

QString tlsVersionText(const QString& version) {
    return version.startsWith(QLatin1String("TLSv")) ? QStringLiteral("TLS ") + version.mid(4)
                                                     : version;
}

QString countryText(const QString& code) {
    if (code.size() != 2)
        return code;
    const QLocale::Territory territory = QLocale::codeToTerritory(code);
    return territory == QLocale::AnyTerritory ? code : QLocale::territoryToString(territory);
}

QString upstreamStateText(protocol::UpstreamState state) {
    switch (state) {
    case protocol::UpstreamState::Idle:
        return QCoreApplication::translate("sotto", "No connection open");
    case protocol::UpstreamState::Connecting:
        return QCoreApplication::translate("sotto", "Connecting");
    case protocol::UpstreamState::Ready:
        return QCoreApplication::translate("sotto", "Connected");
    case protocol::UpstreamState::Failing:
        return QCoreApplication::translate("sotto", "Not usable");
    }
    return {};
}

QString answerSourceText(protocol::AnswerSource source) {
    switch (source) {
    case protocol::AnswerSource::Cache:
        return QCoreApplication::translate("sotto", "Cache");
    case protocol::AnswerSource::Stale:
        return QCoreApplication::translate("sotto", "Cache, expired");
    case protocol::AnswerSource::Upstream:
        return QCoreApplication::translate("sotto", "Provider");
    case protocol::AnswerSource::Coalesced:
        return QCoreApplication::translate("sotto", "Joined");
    case protocol::AnswerSource::Local:
        return QCoreApplication::translate("sotto", "Sotto itself");
    case protocol::AnswerSource::Failed:
        return QCoreApplication::translate("sotto", "Nobody");
    }
    return {};
}

QString filterText(const QString& filter) {
    if (filter == QLatin1String("none"))
        return QCoreApplication::translate("sotto", "No filtering");
    if (filter == QLatin1String("malware"))
        return QCoreApplication::translate("sotto", "Blocks malware");
    if (filter == QLatin1String("ads"))
        return QCoreApplication::translate("sotto", "Blocks ads");
    if (filter == QLatin1String("family"))
        return QCoreApplication::translate("sotto", "Family filter");
    return QCoreApplication::translate("sotto", "Filtering not known");
}

QString extendedErrorText(int code) {
    const QString meaning = code >= 0 && code < static_cast<int>(kExtendedErrors.size())
                                ? word(kExtendedErrors[static_cast<std::size_t>(code)])
                                : QCoreApplication::translate("sotto", "not described here");
    return QCoreApplication::translate("sotto", "%1: %2", "an error code and its meaning")
        .arg(code)
        .arg(meaning);
}

QString rcodeMeaning(const QString& rcode) {
    if (rcode == QLatin1String("NOERROR"))
        return QCoreApplication::translate("sotto", "The name exists.");
    if (rcode == QLatin1String("NXDOMAIN"))
        return QCoreApplication::translate("sotto", "The name does not exist.");
    if (rcode == QLatin1String("SERVFAIL"))
        return QCoreApplication::translate("sotto", "No usable answer could be had.");
    if (rcode == QLatin1String("REFUSED"))
        return QCoreApplication::translate("sotto", "The question was refused.");
    if (rcode == QLatin1String("FORMERR"))
        return QCoreApplication::translate("sotto", "The question was malformed.");
    if (rcode == QLatin1String("NOTIMP"))
        return QCoreApplication::translate("sotto", "This kind of question is not supported.");
    return {};
}

} // namespace sotto::app
