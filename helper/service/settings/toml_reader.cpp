// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/settings_document.h"

#include <QJsonArray>

#include <cmath>

// The header alone, without exceptions: distributions build the library with them.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace sotto::service {

namespace {

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

Position position(const toml::source_region& region) {
    return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

QJsonValue convert(const toml::node& node, const QString& path, SettingsDocument& document);

QJsonObject convertTable(const toml::table& table, const QString& path,
                         SettingsDocument& document) {
    QJsonObject object;
    for (const auto& [key, node] : table) {
        const QString name = text(key.str());
        const QString childPath = path.isEmpty() ? name : path + QLatin1Char('.') + name;
        document.positions.insert(childPath, position(key.source()));
        object.insert(name, convert(node, childPath, document));
    }
    return object;
}

QJsonArray convertArray(const toml::array& array, const QString& path, SettingsDocument& document) {
    QJsonArray result;
    qsizetype index = 0;
    for (const toml::node& node : array) {
        const QString childPath = QStringLiteral("%1[%2]").arg(path).arg(index++);
        document.positions.insert(childPath, position(node.source()));
        result.append(convert(node, childPath, document));
    }
    return result;
}

QJsonValue convert(const toml::node& node, const QString& path, SettingsDocument& document) {
    if (const auto* table = node.as_table())
        return convertTable(*table, path, document);
    if (const auto* array = node.as_array())
        return convertArray(*array, path, document);
    if (const auto* string = node.as_string())
        return text(string->get());
    if (const auto* integer = node.as_integer())
        return static_cast<qint64>(integer->get());
    if (const auto* boolean = node.as_boolean())
        return boolean->get();
    if (const auto* number = node.as_floating_point(); number && std::isfinite(number->get()))
        return number->get();
    return QJsonValue::Null;
}

} // namespace

std::optional<SettingsError> readToml(const QByteArray& text_, SettingsDocument& document) {
    const toml::parse_result result =
        toml::parse(std::string_view(text_.constData(), static_cast<std::size_t>(text_.size())));
    if (!result) {
        SettingsError error;
        error.position = position(result.error().source());
        error.reason = text(result.error().description());
        return error;
    }
    document.root = convertTable(result.table(), {}, document);
    return std::nullopt;
}

} // namespace sotto::service
