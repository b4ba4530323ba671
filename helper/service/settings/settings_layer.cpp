// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/settings_layer.h"

#include "service/settings/contradictions.h"
#include "service/settings/coredns_options.h"
#include "service/settings/kept_keys.h"
#include "service/settings/setting_text.h"

#include <QJsonArray>

#include <algorithm>

namespace sotto::service {

namespace {

const QString kEnabledKey = QStringLiteral("enabled");

bool isGroup(const QString& path) {
    return std::ranges::any_of(settingKeyNames(), [&](const QString& name) {
        return name.startsWith(path + QLatin1Char('.'));
    });
}

/// The keys and groups that may stand in a table, for suggestions.
QStringList membersOf(const QString& table) {
    const QString prefix = table.isEmpty() ? QString() : table + QLatin1Char('.');
    QStringList members;
    for (const QString& name : settingKeyNames()) {
        if (!name.startsWith(prefix))
            continue;
        const QString member = name.mid(prefix.size()).section(QLatin1Char('.'), 0, 0);
        if (!members.contains(member))
            members += member;
    }
    return members;
}

/// The setting that a path with indices lies in.
QString settingOf(const QString& path) {
    return path.section(QLatin1Char('['), 0, 0);
}

std::optional<SettingsError> refusal(const QString& key, const QString& reason) {
    SettingsError error;
    error.key = key;
    error.reason = reason;
    return error;
}

std::optional<SettingsError> readEnabled(const QJsonValue& value, SettingSource source,
                                         SettingsLayer& layer) {
    if (source == SettingSource::Administrator)
        return refusal(kEnabledKey,
                       QStringLiteral("on and off are not set in this file; use the switch of the "
                                      "app, or sottoctl enable and disable"));
    if (!value.isBool())
        return refusal(kEnabledKey, QStringLiteral("true or false is expected"));
    layer.enabled = value.toBool();
    return std::nullopt;
}

std::optional<SettingsError> flatten(const QJsonObject& table, const QString& tablePath,
                                     SettingSource source, SettingsLayer& layer) {
    for (auto it = table.begin(); it != table.end(); ++it) {
        const QString path =
            tablePath.isEmpty() ? it.key() : tablePath + QLatin1Char('.') + it.key();
        std::optional<SettingsError> error;
        if (path == kEnabledKey)
            error = readEnabled(it.value(), source, layer);
        else if (findSettingKey(path))
            layer.values.insert(path, it.value());
        else if (const QString reason = reasonAgainstKey(path); !reason.isEmpty())
            error = refusal(path, reason);
        else if (const auto idle = idleOption(path, it.value()); idle && idle->wrong.isEmpty())
            layer.idle += QStringLiteral("%1 has no effect: %2.").arg(path, idle->reason);
        else if (idle)
            error = refusal(path, idle->wrong);
        else if (!isGroup(path))
            error = refusal(path, QStringLiteral("unknown key") +
                                      didYouMean(it.key(), membersOf(tablePath)));
        else if (!it.value().isObject())
            error = refusal(path, QStringLiteral("a table is expected"));
        else
            error = flatten(it.value().toObject(), path, source, layer);
        if (error)
            return error;
    }
    return std::nullopt;
}

bool decidesServers(const QString& key) {
    return key == kProvidersKey || key == kUpstreamsKey;
}

bool setsServers(const SettingsLayer& layer) {
    return layer.values.contains(kProvidersKey) || layer.values.contains(kUpstreamsKey);
}

bool sets(const SettingsLayer& layer, const QString& key) {
    return decidesServers(key) ? setsServers(layer) : layer.values.contains(key);
}

} // namespace

Position positionOf(const QHash<QString, Position>& positions, QString path) {
    while (!path.isEmpty()) {
        const auto found = positions.constFind(path);
        if (found != positions.constEnd())
            return *found;
        path.truncate(
            std::max(path.lastIndexOf(QLatin1Char('.')), path.lastIndexOf(QLatin1Char('['))));
    }
    return {1, 1};
}

Position positionIn(const SettingsLayer& layer, const QString& key) {
    if (layer.positions.isEmpty() || !layer.values.contains(settingOf(key)))
        return {};
    return positionOf(layer.positions, key);
}

std::optional<SettingsError> readLayer(const SettingsDocument& document, SettingSource source,
                                       const ProviderCatalog& catalog, SettingsLayer& layer) {
    auto error = flatten(document.root, {}, source, layer);
    if (!error)
        error = checkLayer(layer, source, catalog);
    if (error)
        error->position = positionOf(document.positions, error->key);
    layer.positions = document.positions;
    return error;
}

std::optional<SettingsError> checkLayer(const SettingsLayer& layer, SettingSource source,
                                        const ProviderCatalog& catalog) {
    for (auto it = layer.values.begin(); it != layer.values.end(); ++it) {
        if (!findSettingKey(it.key()))
            return refusal(it.key(),
                           QStringLiteral("unknown key") + didYouMean(it.key(), settingKeyNames()));
    }
    EffectiveSettings scratch;
    SettingReader reader{catalog, source, layer.files};
    for (const SettingKey& key : settingKeys()) {
        const QString name = QLatin1String(key.name);
        const auto value = layer.values.constFind(name);
        reader.path = name;
        if (value != layer.values.constEnd() && !key.read(reader, *value, scratch))
            return refusal(reader.path, reader.reason);
    }
    // Where another layer sets one of the two, they are seen together when the layers are merged.
    const auto found = contradictionIn(scratch);
    if (found && layer.values.contains(settingOf(found->key)) &&
        layer.values.contains(found->other))
        return refusal(found->key, found->reason);
    return std::nullopt;
}

QStringList dropUnknownProviders(SettingsLayer& layer, const ProviderCatalog& catalog) {
    QStringList dropped;
    QJsonArray known;
    const QJsonArray chosen = layer.values.value(kProvidersKey).toArray();
    for (const QJsonValue& id : chosen) {
        if (catalog.find(id.toString()))
            known.append(id);
        else
            dropped += id.toString();
    }
    if (known.isEmpty())
        layer.values.remove(kProvidersKey);
    else
        layer.values.insert(kProvidersKey, known);
    return dropped;
}

std::optional<SettingsError> mergeLayers(const SettingsLayer& file, const QString& fileName,
                                         const SettingsLayer& setByApp,
                                         const ProviderCatalog& shipped, MergedSettings& merged) {
    MergedSettings result;
    const ProviderCatalog& catalog = file.providerList ? *file.providerList : shipped;
    SettingsLayer app = setByApp;
    const QStringList dropped = dropUnknownProviders(app, catalog);
    if (!dropped.isEmpty() && !setsServers(file))
        result.notices += QStringLiteral("Chosen earlier, but not in the list of providers and not "
                                         "used: %1.")
                              .arg(dropped.join(QLatin1String(", ")));
    for (const SettingKey& key : settingKeys()) {
        const QString name = QLatin1String(key.name);
        protocol::Setting setting;
        setting.key = name;
        setting.changeable = !sets(file, name);
        const SettingsLayer* layer = nullptr;
        SettingSource source = SettingSource::App;
        if (sets(file, name)) {
            layer = &file;
            source = SettingSource::Administrator;
            setting.origin = fileName;
            result.fromFile += name;
        } else if (sets(app, name)) {
            layer = &app;
            setting.origin = QStringLiteral("app");
            result.fromApp += name;
        } else {
            setting.origin = QStringLiteral("default");
        }
        // Of the two keys that decide together, the one that the layer leaves out is empty.
        QJsonValue otherwise = layer ? QJsonValue(QJsonArray{}) : key.defaultValue();
        if (!layer && name == kProvidersKey && file.providerList)
            otherwise = QJsonArray{catalog.ids().first()};
        setting.value = layer ? layer->values.value(name, otherwise) : otherwise;
        const bool empty = decidesServers(name) && setting.value.toArray().isEmpty();
        SettingReader reader{catalog, source, layer ? layer->files : app.files};
        reader.path = name;
        if (!empty && !key.read(reader, setting.value, result.effective))
            return refusal(reader.path, reader.reason);
        if (!empty)
            result.values.insert(name, setting.value);
        if (layer == &file && (name == kUpstreamsKey || name == kRouteKey)) {
            for (auto it = file.files.begin(); it != file.files.end(); ++it)
                result.files.insert(it.key(), it.value());
        }
        setting.value = withoutKeys(setting.value);
        result.settings.append(setting);
    }
    auto found = contradictionIn(result.effective);
    if (!found)
        found = unknownAddressIn(result.effective);
    if (found)
        return refusal(found->key, found->reason);
    result.notices += file.idle;
    if (file.providerList)
        result.providerListText = file.providerList->source();
    result.effective.enabled = app.enabled.value_or(true);
    merged = std::move(result);
    return std::nullopt;
}

} // namespace sotto::service
