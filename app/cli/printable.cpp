// SPDX-License-Identifier: GPL-3.0-or-later
#include "printable.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace sotto::cli {

QString printable(const QString& text) {
    QString result;
    for (const char32_t c : text.toUcs4()) {
        if (QChar::isPrint(c))
            result += QString::fromUcs4(&c, 1);
        else
            result += QStringLiteral("\\u{%1}").arg(static_cast<uint>(c), 0, 16);
    }
    return result;
}

QByteArray asciiJson(const QJsonValue& value) {
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    // Outside of strings JSON is ASCII, so that every other character may be escaped where it is.
    const QString json = QString::fromUtf8(document.toJson(QJsonDocument::Compact));
    QByteArray result;
    for (const QChar c : json) {
        const char16_t unit = c.unicode();
        if (unit < 0x7f)
            result += static_cast<char>(unit);
        else
            result += QStringLiteral("\\u%1").arg(unit, 4, 16, QLatin1Char('0')).toLatin1();
    }
    return result;
}

} // namespace sotto::cli
