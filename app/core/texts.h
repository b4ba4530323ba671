// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QString>
#include <QStringList>

#include <optional>

/// Values and codes as words for people, in the language of the application. Pure.
namespace sotto::app {

/// "300 µs", "1.2 ms", "12 ms", "1.8 s"; an em dash for values that are not known (zero or less).
QString durationText(double millis);
/// With the locale's group separators.
QString countText(qint64 count);
/// "0 bytes", "13.2 MiB".
QString bytesText(qint64 bytes);
/// "93 %" of a share 0…1; what is not nothing is never "0 %", nor what is not all "100 %".
QString shareText(double share);
/// "2 d 3 h", "4 h 10 min", "35 s".
QString uptimeText(qint64 seconds);
/// "corp.example", "corp.example and 2 more": a route by its first zone and how many more it has.
QString routeText(const QString& zone, const std::optional<int>& more);
/// "Quad9", "Quad9 and Google", "Quad9, Google and Mullvad".
QString joinedText(const QStringList& items);
/// The text with a full stop where it ends without a mark of its own.
QString asSentence(const QString& text);
/// With a capital letter at its beginning.
QString capitalized(const QString& text);
/// A socket's error without the name of the function that met it.
QString plainReason(const QString& error);
/// "TLSv1.3" as "TLS 1.3".
QString tlsVersionText(const QString& version);
/// The name of a country by its ISO 3166-1 code; the code where it is not known.
QString countryText(const QString& code);

QString upstreamStateText(protocol::UpstreamState state);
QString answerSourceText(protocol::AnswerSource source);
/// What a provider says that it filters: "Nothing", "Malware", …
QString filterText(const QString& filter);
/// RFC 8914 code as "18: prohibited".
QString extendedErrorText(int code);
/// What an RCODE means, as a sentence; empty for codes without one.
QString rcodeMeaning(const QString& rcode);

} // namespace sotto::app
