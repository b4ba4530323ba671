// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/settings_document.h"

#include <QJsonArray>
#include <QJsonValue>
#include <QStringList>

namespace sotto::service {

namespace {

QString quoted(const QString& text) {
    QString result = QStringLiteral("\"");
    for (const QChar c : text) {
        if (c == QLatin1Char('"') || c == QLatin1Char('\\'))
            result += QLatin1Char('\\') + QString(c);
        else if (c == QLatin1Char('\n'))
            result += QLatin1String("\\n");
        else if (c.unicode() < 0x20 || c.unicode() == 0x7f)
            result += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            result += c;
    }
    return result + QLatin1Char('"');
}

QString valueText(const QJsonValue& value) {
    QStringList parts;
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case QJsonValue::Double:
        return QString::number(value.toInteger());
    case QJsonValue::Array: {
        const QJsonArray array = value.toArray();
        for (const QJsonValue& item : array)
            parts += valueText(item);
        return QLatin1Char('[') + parts.join(QLatin1String(", ")) + QLatin1Char(']');
    }
    case QJsonValue::Object: {
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            parts += it.key() + QLatin1String(" = ") + valueText(it.value());
        return QLatin1String("{ ") + parts.join(QLatin1String(", ")) + QLatin1String(" }");
    }
    default:
        return quoted(value.toString());
    }
}

} // namespace

QString SettingsError::text() const {
    QString result;
    if (!file.isEmpty()) {
        result = file + QLatin1Char(':');
        if (position.line > 0)
            result += QStringLiteral("%1:%2:").arg(position.line).arg(position.column);
        result += QLatin1Char(' ');
    }
    if (!key.isEmpty())
        result += key + QLatin1String(": ");
    return result + reason;
}

QByteArray tomlText(const QMap<QString, QJsonValue>& values) {
    QByteArray text;
    for (auto it = values.begin(); it != values.end(); ++it)
        text += (it.key() + QLatin1String(" = ") + valueText(it.value())).toUtf8() + '\n';
    return text;
}

} // namespace sotto::service
