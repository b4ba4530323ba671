// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_schema.h"

#include <QHostAddress>
#include <QJsonArray>
#include <QRegularExpression>

#include <utility>

namespace sotto::test {
namespace {

class Check {
public:
    QStringList violations;

    void validate(const QJsonObject& schema, const QJsonValue& value, const QString& path) {
        for (auto keyword = schema.begin(); keyword != schema.end(); ++keyword)
            apply(keyword.key(), keyword.value(), schema, value, path);
    }

private:
    void fail(const QString& path, const QString& what) {
        violations.append((path.isEmpty() ? QStringLiteral("/") : path) + QStringLiteral(": ") +
                          what);
    }

    static bool isWhole(const QJsonValue& value) {
        return value.isDouble() && value.toDouble() == static_cast<double>(value.toInteger());
    }

    static bool hasType(const QString& type, const QJsonValue& value) {
        return (type == "object" && value.isObject()) || (type == "array" && value.isArray()) ||
               (type == "string" && value.isString()) || (type == "boolean" && value.isBool()) ||
               (type == "number" && value.isDouble()) || (type == "integer" && isWhole(value)) ||
               (type == "null" && value.isNull());
    }

    static bool hasFormat(const QString& format, const QString& text) {
        const QHostAddress address(text);
        const bool canonical = address.toString() == text && address.scopeId().isEmpty();
        if (format == "ipv4")
            return address.protocol() == QAbstractSocket::IPv4Protocol && canonical;
        if (format == "ipv6")
            return address.protocol() == QAbstractSocket::IPv6Protocol && canonical;
        return false;
    }

    void apply(const QString& keyword, const QJsonValue& rule, const QJsonObject& schema,
               const QJsonValue& value, const QString& path) {
        if (keyword == "$schema" || keyword == "title" || keyword == "description")
            return;
        if (keyword == "type") {
            if (!hasType(rule.toString(), value))
                fail(path, QStringLiteral("not of type ") + rule.toString());
        } else if (keyword == "const") {
            if (value != rule)
                fail(path, QStringLiteral("not the required value"));
        } else if (keyword == "enum") {
            if (!rule.toArray().contains(value))
                fail(path, QStringLiteral("not one of the allowed values"));
        } else if (keyword == "anyOf") {
            applyAnyOf(rule.toArray(), value, path);
        } else if (!applyToObject(keyword, rule, schema, value, path) &&
                   !applyToArray(keyword, rule, value, path) &&
                   !applyToString(keyword, rule, value, path) &&
                   !applyToNumber(keyword, rule, value, path)) {
            fail(path, QStringLiteral("the schema's keyword \"%1\" is not known").arg(keyword));
        }
    }

    void applyAnyOf(const QJsonArray& choices, const QJsonValue& value, const QString& path) {
        for (const QJsonValue& choice : choices) {
            Check attempt;
            attempt.validate(choice.toObject(), value, path);
            if (attempt.violations.isEmpty())
                return;
        }
        fail(path, QStringLiteral("none of the alternatives holds"));
    }

    bool applyToObject(const QString& keyword, const QJsonValue& rule, const QJsonObject& schema,
                       const QJsonValue& value, const QString& path) {
        const QJsonObject object = value.toObject();
        if (keyword == "required") {
            for (const QJsonValue& name : rule.toArray())
                if (value.isObject() && !object.contains(name.toString()))
                    fail(path, QStringLiteral("\"%1\" is missing").arg(name.toString()));
        } else if (keyword == "properties") {
            const QJsonObject rules = rule.toObject();
            for (auto member = object.begin(); member != object.end(); ++member)
                if (rules.contains(member.key()))
                    validate(rules.value(member.key()).toObject(), member.value(),
                             path + QLatin1Char('/') + member.key());
        } else if (keyword == "additionalProperties" && rule == QJsonValue(false)) {
            const QJsonObject known = schema.value("properties").toObject();
            for (const QString& name : object.keys())
                if (!known.contains(name))
                    fail(path, QStringLiteral("\"%1\" is not a known member").arg(name));
        } else {
            return false;
        }
        return true;
    }

    bool applyToArray(const QString& keyword, const QJsonValue& rule, const QJsonValue& value,
                      const QString& path) {
        const QJsonArray array = value.toArray();
        if (keyword == "minItems") {
            if (value.isArray() && array.size() < rule.toInteger())
                fail(path, QStringLiteral("too few items"));
        } else if (keyword == "uniqueItems" && rule == QJsonValue(true)) {
            for (qsizetype i = 0; i < array.size(); ++i)
                for (qsizetype j = 0; j < i; ++j)
                    if (array.at(i) == array.at(j))
                        fail(path, QStringLiteral("items %1 and %2 are equal").arg(j).arg(i));
        } else if (keyword == "items") {
            for (qsizetype i = 0; i < array.size(); ++i)
                validate(rule.toObject(), array.at(i), QStringLiteral("%1/%2").arg(path).arg(i));
        } else {
            return false;
        }
        return true;
    }

    bool applyToString(const QString& keyword, const QJsonValue& rule, const QJsonValue& value,
                       const QString& path) {
        const QString text = value.toString();
        if (keyword == "pattern") {
            const QRegularExpression pattern(rule.toString());
            if (!pattern.isValid())
                fail(path, QStringLiteral("the schema's pattern is not valid"));
            else if (value.isString() && !pattern.match(text).hasMatch())
                fail(path, QStringLiteral("\"%1\" does not match the pattern").arg(text));
        } else if (keyword == "minLength") {
            if (value.isString() && text.toUcs4().size() < rule.toInteger())
                fail(path, QStringLiteral("too short"));
        } else if (keyword == "maxLength") {
            if (value.isString() && text.toUcs4().size() > rule.toInteger())
                fail(path, QStringLiteral("too long"));
        } else if (keyword == "format") {
            if (value.isString() && !hasFormat(rule.toString(), text))
                fail(path, QStringLiteral("\"%1\" is not %2").arg(text, rule.toString()));
        } else {
            return false;
        }
        return true;
    }

    bool applyToNumber(const QString& keyword, const QJsonValue& rule, const QJsonValue& value,
                       const QString& path) {
        if (keyword == "minimum") {
            if (value.isDouble() && value.toDouble() < rule.toDouble())
                fail(path, QStringLiteral("too small"));
        } else if (keyword == "maximum") {
            if (value.isDouble() && value.toDouble() > rule.toDouble())
                fail(path, QStringLiteral("too large"));
        } else {
            return false;
        }
        return true;
    }
};

} // namespace

JsonSchema::JsonSchema(QJsonObject schema)
    : m_schema(std::move(schema)) {}

QStringList JsonSchema::violations(const QJsonValue& document) const {
    Check check;
    check.validate(m_schema, document, {});
    return check.violations;
}

} // namespace sotto::test
