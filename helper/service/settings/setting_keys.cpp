// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/cache_keys.h"
#include "service/settings/forward_keys.h"
#include "service/settings/route_key.h"
#include "service/settings/server_keys.h"
#include "service/settings/setting_text.h"
#include "service/settings/setting_values.h"
#include "service/settings/system_keys.h"
#include "service/settings/test_keys.h"

#include <QJsonArray>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxListen = 32;
constexpr std::uint16_t kDnsPort = 53;
constexpr qint64 kMaxLogEntries = 1000000;

bool readListen(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!readNonEmptyArray(reader, value, QStringLiteral("addresses")))
        return false;
    const QJsonArray array = value.toArray();
    if (array.size() > kMaxListen)
        return reader.fail(QStringLiteral("at most %1 addresses are possible").arg(kMaxListen));
    out.listen.clear();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = elementPath(reader.path, i);
        if (!array[i].isString())
            return reader.fail(path,
                               QStringLiteral("an address such as \"127.0.0.1:53\" is expected"));
        const auto endpoint = engine::Endpoint::parse(array[i].toString().toStdString(), kDnsPort);
        if (!endpoint)
            return reader.fail(path, QString::fromStdString(endpoint.error().message()));
        if (std::ranges::find(out.listen, endpoint.value()) != out.listen.end())
            return reader.fail(path, QStringLiteral("%1 is listed twice")
                                         .arg(QString::fromStdString(endpoint.value().toString())));
        out.listen.push_back(endpoint.value());
    }
    return true;
}

bool readUpstreamPolicy(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readPolicy(reader, value, out.policy);
}

bool readWorkers(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    qint64 workers = 0;
    if (!readWholeNumber(reader, value, 1, engine::EngineConfig::kMaxWorkers, workers))
        return false;
    out.workers = static_cast<unsigned>(workers);
    return true;
}

bool readBrowserCanary(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readBool(reader, value, out.browserCanary);
}

bool readLogEntries(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    qint64 entries = 0;
    if (!readWholeNumber(reader, value, 0, kMaxLogEntries, entries))
        return false;
    out.logEntries = static_cast<int>(entries);
    return true;
}

} // namespace

const std::vector<SettingKey>& settingKeys() {
    static const std::vector<SettingKey> keys = [] {
        std::vector<SettingKey> all{
            {"listen",
             [] {
                 return QJsonValue(QJsonArray{textValue("127.0.0.1:53"), textValue("[::1]:53")});
             },
             readListen}};
        const auto add = [&](const std::vector<SettingKey>& more) {
            all.insert(all.end(), more.begin(), more.end());
        };
        add(serverKeys());
        add({{"policy", [] { return textValue("fastest"); }, readUpstreamPolicy},
             {"workers", [] { return QJsonValue(1); }, readWorkers},
             {"browser_canary", [] { return QJsonValue(true); }, readBrowserCanary}});
        add(forwardKeys());
        add({routeKey()});
        add(cacheKeys());
        add(systemKeys());
        add({{"log.entries", [] { return QJsonValue(EffectiveSettings::kDefaultLogEntries); },
              readLogEntries}});
        add(testKeys());
        return all;
    }();
    return keys;
}

const SettingKey* findSettingKey(const QString& name) {
    for (const SettingKey& key : settingKeys()) {
        if (name == QLatin1String(key.name))
            return &key;
    }
    return nullptr;
}

QStringList settingKeyNames() {
    QStringList names;
    for (const SettingKey& key : settingKeys())
        names += QLatin1String(key.name);
    return names;
}

} // namespace sotto::service
