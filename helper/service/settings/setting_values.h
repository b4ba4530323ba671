// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/setting_reader.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

/// The kinds of values that several keys share. Each reads the value at reader.path, and where it
/// is wrong notes why.
namespace sotto::service {

[[nodiscard]] bool readBool(SettingReader& reader, const QJsonValue& value, bool& out);
[[nodiscard]] bool readWholeNumber(SettingReader& reader, const QJsonValue& value, qint64 least,
                                   qint64 most, qint64& out);
/// The same where the number fits an unsigned.
[[nodiscard]] bool readCount(SettingReader& reader, const QJsonValue& value, unsigned least,
                             unsigned most, unsigned& out);
[[nodiscard]] bool readDuration(SettingReader& reader, const QJsonValue& value,
                                std::chrono::milliseconds least, std::chrono::milliseconds most,
                                std::chrono::milliseconds& out);
[[nodiscard]] bool readWholeSeconds(SettingReader& reader, const QJsonValue& value,
                                    std::chrono::seconds least, std::chrono::seconds most,
                                    std::chrono::seconds& out);
/// A whole number, or as CoreDNS writes it: "10%".
[[nodiscard]] bool readPercentage(SettingReader& reader, const QJsonValue& value, unsigned least,
                                  unsigned most, unsigned& out);
[[nodiscard]] bool readText(SettingReader& reader, const QJsonValue& value, QString& out);
/// The name of a policy.
[[nodiscard]] bool readPolicy(SettingReader& reader, const QJsonValue& value, engine::Policy& out);
/// An array that is not empty; what: of what, for people.
[[nodiscard]] bool readNonEmptyArray(SettingReader& reader, const QJsonValue& value,
                                     const QString& what);
/// What a list is of, for people.
struct ListKind {
    const char* what; ///< "zones"
    const char* example;
    qsizetype most;
};
/// Reads each element of an array, which may be empty, at its own path.
[[nodiscard]] bool readList(SettingReader& reader, const QJsonValue& value, const ListKind& kind,
                            const std::function<bool(const QJsonValue& element)>& read);
/// Appends what is not among them yet; text: what it is, for people.
template <class T>
[[nodiscard]] bool appendOnce(SettingReader& reader, std::vector<T>& list, const T& item,
                              const QString& text) {
    if (std::find(list.begin(), list.end(), item) != list.end())
        return reader.fail(QStringLiteral("%1 is listed twice").arg(text));
    list.push_back(item);
    return true;
}
/// A list of zones; an empty one is possible.
[[nodiscard]] bool readZones(SettingReader& reader, const QJsonValue& value,
                             std::vector<std::string>& out);

/// A text as a setting's value.
QJsonValue textValue(const char* text);

/// "PATH[INDEX]".
QString elementPath(const QString& path, qsizetype index);

/// One member of a table.
struct TableMember {
    const char* name;
    /// Reads the member's value; its path is the reader's.
    std::function<bool(const QJsonValue& value)> read;
};
/// Reads the members that a table has; any other one is refused, and so is what is no table, with
/// the example as advice.
[[nodiscard]] bool readTable(SettingReader& reader, const QJsonValue& value, const QString& example,
                             const std::vector<TableMember>& members);

} // namespace sotto::service
