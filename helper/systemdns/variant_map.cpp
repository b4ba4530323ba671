// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/variant_map.h"

#include <QDBusArgument>
#include <QDBusVariant>
#include <QJsonArray>

#include <cmath>
#include <limits>

namespace sotto::systemdns {

namespace {

/// What is left of the limits on the way through one value.
struct Budget {
    qsizetype entries = kMaxVariantEntries;

    bool takeEntry() { return --entries >= 0; }
};

bool isText(const QString& text) {
    // D-Bus has no place for NUL in a string.
    return text.size() <= kMaxVariantText && !text.contains(QChar::Null);
}

std::optional<QVariant> plain(const QVariant& received, int depth, Budget& budget);

std::optional<QVariantMap> plainEntries(const QDBusArgument& argument, int depth, Budget& budget) {
    if (depth > kMaxVariantDepth || argument.currentSignature() != QLatin1String("a{sv}"))
        return std::nullopt;
    QVariantMap map;
    argument.beginMap();
    while (!argument.atEnd()) {
        QString key;
        QDBusVariant value;
        argument.beginMapEntry();
        argument >> key >> value;
        argument.endMapEntry();
        const auto plainValue =
            budget.takeEntry() ? plain(value.variant(), depth + 1, budget) : std::nullopt;
        if (!plainValue)
            return std::nullopt;
        map.insert(key, *plainValue);
    }
    argument.endMap();
    return map;
}

/// The outermost dictionary has been demarshalled where its type was known to the receiver.
std::optional<QVariantMap> plainEntries(const QVariantMap& received, int depth, Budget& budget) {
    if (depth > kMaxVariantDepth)
        return std::nullopt;
    QVariantMap map;
    for (auto entry = received.cbegin(); entry != received.cend(); ++entry) {
        const auto value =
            budget.takeEntry() ? plain(entry.value(), depth + 1, budget) : std::nullopt;
        if (!value)
            return std::nullopt;
        map.insert(entry.key(), *value);
    }
    return map;
}

std::optional<QVariant> plain(const QVariant& received, int depth, Budget& budget) {
    if (received.metaType() == QMetaType::fromType<QDBusArgument>()) {
        const auto map = plainEntries(received.value<QDBusArgument>(), depth, budget);
        return map ? std::optional<QVariant>(*map) : std::nullopt;
    }
    switch (received.metaType().id()) {
    case QMetaType::QString:
    case QMetaType::Bool:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
    case QMetaType::ULongLong:
    case QMetaType::Double:
    case QMetaType::QStringList:
        return received;
    case QMetaType::QVariantMap: {
        const auto map = plainEntries(received.toMap(), depth, budget);
        return map ? std::optional<QVariant>(*map) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

std::optional<QJsonObject> write(const QVariantMap& map, int depth, Budget& budget);

std::optional<QJsonObject> writeList(const QStringList& list, Budget& budget) {
    QJsonArray items;
    for (const QString& item : list) {
        if (!budget.takeEntry() || !isText(item))
            return std::nullopt;
        items << item;
    }
    return QJsonObject{{QStringLiteral("as"), items}};
}

std::optional<QJsonObject> writeValue(const QVariant& value, int depth, Budget& budget) {
    const auto tagged = [](const char* type, const QJsonValue& json) {
        return QJsonObject{{QLatin1String(type), json}};
    };
    switch (value.metaType().id()) {
    case QMetaType::QString:
        return isText(value.toString()) ? std::optional(tagged("s", value.toString()))
                                        : std::nullopt;
    case QMetaType::Bool:
        return tagged("b", value.toBool());
    case QMetaType::Int:
        return tagged("i", value.toInt());
    case QMetaType::UInt:
        return tagged("u", static_cast<qint64>(value.toUInt()));
    case QMetaType::LongLong:
        return tagged("x", QString::number(value.toLongLong()));
    case QMetaType::ULongLong:
        return tagged("t", QString::number(value.toULongLong()));
    case QMetaType::Double:
        return std::isfinite(value.toDouble()) ? std::optional(tagged("d", value.toDouble()))
                                               : std::nullopt;
    case QMetaType::QStringList:
        return writeList(value.toStringList(), budget);
    case QMetaType::QVariantMap: {
        const auto entries = write(value.toMap(), depth + 1, budget);
        return entries ? std::optional(tagged("dict", *entries)) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

std::optional<QJsonObject> write(const QVariantMap& map, int depth, Budget& budget) {
    if (depth > kMaxVariantDepth)
        return std::nullopt;
    QJsonObject json;
    for (auto entry = map.cbegin(); entry != map.cend(); ++entry) {
        const auto value = budget.takeEntry() && isText(entry.key())
                               ? writeValue(entry.value(), depth, budget)
                               : std::nullopt;
        if (!value)
            return std::nullopt;
        json.insert(entry.key(), *value);
    }
    return json;
}

template <class Integer>
std::optional<QVariant> readWhole(const QJsonValue& json) {
    const double number = json.toDouble(std::numeric_limits<double>::quiet_NaN());
    if (!(number >= double(std::numeric_limits<Integer>::min()) &&
          number <= double(std::numeric_limits<Integer>::max())) ||
        std::trunc(number) != number)
        return std::nullopt;
    return QVariant::fromValue(static_cast<Integer>(number));
}

/// Only the very text that is written for a number.
template <class Integer>
std::optional<QVariant> readLong(const QJsonValue& json,
                                 Integer (QString::*parse)(bool*, int) const) {
    const QString text = json.toString();
    bool ok = false;
    const Integer number = (text.*parse)(&ok, 10);
    if (!ok || QString::number(number) != text)
        return std::nullopt;
    return QVariant::fromValue(number);
}

std::optional<QVariant> readList(const QJsonValue& json, Budget& budget) {
    if (!json.isArray())
        return std::nullopt;
    QStringList list;
    for (const QJsonValue& item : json.toArray()) {
        if (!budget.takeEntry() || !item.isString() || !isText(item.toString()))
            return std::nullopt;
        list << item.toString();
    }
    return list;
}

std::optional<QVariantMap> read(const QJsonObject& json, int depth, Budget& budget);

std::optional<QVariant> readValue(const QJsonValue& tagged, int depth, Budget& budget) {
    const QJsonObject object = tagged.toObject();
    if (object.size() != 1)
        return std::nullopt;
    const QString type = object.begin().key();
    const QJsonValue json = object.begin().value();
    if (type == QLatin1String("s") && json.isString() && isText(json.toString()))
        return json.toString();
    if (type == QLatin1String("b") && json.isBool())
        return json.toBool();
    if (type == QLatin1String("i"))
        return readWhole<int>(json);
    if (type == QLatin1String("u"))
        return readWhole<uint>(json);
    if (type == QLatin1String("x"))
        return readLong<qlonglong>(json, &QString::toLongLong);
    if (type == QLatin1String("t"))
        return readLong<qulonglong>(json, &QString::toULongLong);
    if (type == QLatin1String("d") && json.isDouble())
        return json.toDouble();
    if (type == QLatin1String("as"))
        return readList(json, budget);
    if (type == QLatin1String("dict") && json.isObject()) {
        const auto map = read(json.toObject(), depth + 1, budget);
        return map ? std::optional<QVariant>(*map) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<QVariantMap> read(const QJsonObject& json, int depth, Budget& budget) {
    if (depth > kMaxVariantDepth)
        return std::nullopt;
    QVariantMap map;
    for (auto entry = json.begin(); entry != json.end(); ++entry) {
        const auto value = budget.takeEntry() && isText(entry.key())
                               ? readValue(entry.value(), depth, budget)
                               : std::nullopt;
        if (!value)
            return std::nullopt;
        map.insert(entry.key(), *value);
    }
    return map;
}

} // namespace

std::optional<QVariantMap> plainMap(const QVariant& received) {
    Budget budget;
    const auto value = plain(received, 0, budget);
    if (!value || value->metaType().id() != QMetaType::QVariantMap)
        return std::nullopt;
    return value->toMap();
}

std::optional<QJsonObject> variantsToJson(const QVariantMap& map) {
    Budget budget;
    return write(map, 0, budget);
}

std::optional<QVariantMap> variantsFromJson(const QJsonObject& json) {
    Budget budget;
    return read(json, 0, budget);
}

} // namespace sotto::systemdns
