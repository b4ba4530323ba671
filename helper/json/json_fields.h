// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

/// Structs to JSON and back. A struct names its members once:
///
///     template <class Self, class Visitor>
///     static void fields(Self& self, Visitor& visit) { visit("name", self.name); }
///
/// Writing emits every member except empty optionals and empty sparse lists. Reading is strict
/// about types and lenient about presence: a missing member keeps its default, so that versions can
/// differ by additions; a member of the wrong type is an error that names it.
namespace sotto::json {

/// Enumerations provide these two by argument-dependent look-up.
template <class E>
concept JsonEnum = std::is_enum_v<E> && requires(E value, const QString& text) {
    { enumText(value) } -> std::convertible_to<QString>;
    { enumFromText(text, value) } -> std::same_as<bool>;
};

/// A list that is not written where it is empty, for what most messages lack.
template <class T>
struct SparseList : QList<T> {
    using QList<T>::QList;
    SparseList(const QList<T>& list)
        : QList<T>(list) {}
};

template <class T>
QJsonValue toJson(const T& value);
template <class T>
bool fromJson(const QJsonValue& json, T& value, QString& error);

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<QList<T>> : std::true_type {};
template <class T>
struct IsSparse : std::false_type {};
template <class T>
struct IsSparse<SparseList<T>> : std::true_type {};
template <class T>
struct IsList<SparseList<T>> : std::true_type {};

struct Writer {
    QJsonObject object;

    template <class T>
    void operator()(const char* name, const T& member) {
        if constexpr (IsOptional<T>::value) {
            if (member)
                object.insert(QLatin1String(name), toJson(*member));
        } else if constexpr (IsSparse<T>::value) {
            if (!member.isEmpty())
                object.insert(QLatin1String(name), toJson(member));
        } else {
            object.insert(QLatin1String(name), toJson(member));
        }
    }
};

struct Reader {
    const QJsonObject& object;
    QString error;

    template <class T>
    void operator()(const char* name, T& member) {
        if (!error.isEmpty())
            return;
        const auto found = object.constFind(QLatin1String(name));
        if (found == object.constEnd() || found->isNull())
            return;
        QString reason;
        bool ok = false;
        if constexpr (IsOptional<T>::value) {
            typename T::value_type content{};
            ok = fromJson(found.value(), content, reason);
            if (ok)
                member = std::move(content);
        } else {
            ok = fromJson(found.value(), member, reason);
        }
        if (!ok)
            error = QStringLiteral("\"%1\": %2").arg(QLatin1String(name), reason);
    }
};

} // namespace detail

template <class T>
QJsonValue toJson(const T& value) {
    if constexpr (std::is_same_v<T, QJsonObject> || std::is_same_v<T, QJsonValue> ||
                  std::is_same_v<T, QJsonArray>) {
        return value;
    } else if constexpr (JsonEnum<T>) {
        return QString(enumText(value));
    } else if constexpr (detail::IsList<T>::value) {
        QJsonArray array;
        for (const auto& item : value)
            array.append(toJson(item));
        return array;
    } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, QString>) {
        return value;
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<qint64>(value);
    } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<double>(value);
    } else {
        detail::Writer writer;
        T::fields(value, writer);
        return writer.object;
    }
}

template <class T>
bool fromJson(const QJsonValue& json, T& value, QString& error) {
    if constexpr (std::is_same_v<T, QJsonValue>) {
        value = json;
        return true;
    } else if constexpr (std::is_same_v<T, QJsonObject>) {
        if (!json.isObject()) {
            error = QStringLiteral("an object is expected");
            return false;
        }
        value = json.toObject();
        return true;
    } else if constexpr (std::is_same_v<T, bool>) {
        if (!json.isBool()) {
            error = QStringLiteral("true or false is expected");
            return false;
        }
        value = json.toBool();
        return true;
    } else if constexpr (std::is_same_v<T, QString>) {
        if (!json.isString()) {
            error = QStringLiteral("a string is expected");
            return false;
        }
        value = json.toString();
        return true;
    } else if constexpr (JsonEnum<T>) {
        if (!json.isString() || !enumFromText(json.toString(), value)) {
            error = QStringLiteral("not a known value");
            return false;
        }
        return true;
    } else if constexpr (detail::IsList<T>::value) {
        if (!json.isArray()) {
            error = QStringLiteral("an array is expected");
            return false;
        }
        T list;
        const QJsonArray array = json.toArray();
        list.reserve(array.size());
        for (const QJsonValue& item : array) {
            typename T::value_type content{};
            if (!fromJson(item, content, error))
                return false;
            list.append(std::move(content));
        }
        value = std::move(list);
        return true;
    } else if constexpr (std::is_integral_v<T>) {
        // Two different fallbacks tell "no whole number" from every value.
        const qint64 number = json.toInteger(0);
        if (number != json.toInteger(1)) {
            error = QStringLiteral("a whole number is expected");
            return false;
        }
        if (!std::in_range<T>(number)) {
            error = QStringLiteral("the number is out of range");
            return false;
        }
        value = static_cast<T>(number);
        return true;
    } else if constexpr (std::is_floating_point_v<T>) {
        if (!json.isDouble()) {
            error = QStringLiteral("a number is expected");
            return false;
        }
        value = static_cast<T>(json.toDouble());
        return true;
    } else {
        if (!json.isObject()) {
            error = QStringLiteral("an object is expected");
            return false;
        }
        const QJsonObject object = json.toObject();
        detail::Reader reader{object, {}};
        T::fields(value, reader);
        error = reader.error;
        return error.isEmpty();
    }
}

} // namespace sotto::json

/// The names by which the messages of the sockets know them.
namespace sotto::protocol {
using json::fromJson;
using json::SparseList;
using json::toJson;
} // namespace sotto::protocol
