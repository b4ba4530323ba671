// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/cache_keys.h"
#include "service/settings/setting_text.h"
#include "service/settings/setting_values.h"

#include <QJsonArray>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxListen = 32;
constexpr std::size_t kMaxUpstreams = 64;
constexpr std::uint16_t kDnsPort = 53;
constexpr qint64 kMaxLogEntries = 1000000;

const QString kNotYet = QStringLiteral("not available in this version yet");

bool nonEmptyArray(SettingReader& reader, const QJsonValue& value, const QString& what) {
    if (!value.isArray())
        return reader.fail(QStringLiteral("an array of %1 is expected").arg(what));
    if (value.toArray().isEmpty())
        return reader.fail(QStringLiteral("at least one of the %1 is needed").arg(what));
    return true;
}

bool readListen(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!nonEmptyArray(reader, value, QStringLiteral("addresses")))
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

bool addUpstream(SettingReader& reader, const QString& path, ChosenUpstream upstream,
                 EffectiveSettings& out) {
    if (out.upstreams.size() >= kMaxUpstreams)
        return reader.fail(path,
                           QStringLiteral("at most %1 upstreams are possible").arg(kMaxUpstreams));
    out.upstreams.push_back(std::move(upstream));
    return true;
}

bool readUpstreams(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!nonEmptyArray(reader, value, QStringLiteral("upstreams")))
        return false;
    const QString listPath = reader.path;
    const QJsonArray array = value.toArray();
    const std::size_t ownBegin = out.upstreams.size();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = elementPath(listPath, i);
        reader.path = path;
        ChosenUpstream upstream;
        if (!readUpstream(reader, array[i], upstream.config))
            return false;
        const auto same = std::ranges::find_if(out.upstreams, [&](const ChosenUpstream& other) {
            return isSameServer(other.config, upstream.config);
        });
        if (same != out.upstreams.end()) {
            if (static_cast<std::size_t>(same - out.upstreams.begin()) >= ownBegin)
                return reader.fail(path,
                                   QStringLiteral("%1 is listed twice")
                                       .arg(QString::fromStdString(upstream.config.toString())));
            upstream.provider = same->provider;
            if (upstream.config.caPem.empty())
                upstream.config.caPem = same->config.caPem;
            *same = std::move(upstream); // one's own terms for a server of a chosen provider
            continue;
        }
        if (!addUpstream(reader, path, std::move(upstream), out))
            return false;
    }
    return true;
}

bool readProviders(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!nonEmptyArray(reader, value, QStringLiteral("providers")))
        return false;
    const QString listPath = reader.path;
    const QJsonArray array = value.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = elementPath(listPath, i);
        if (!array[i].isString())
            return reader.fail(path, QStringLiteral("the id of a provider is expected"));
        const QString id = array[i].toString();
        const protocol::Provider* provider = reader.catalog.find(id);
        if (!provider && reader.source == SettingSource::Kept)
            continue;
        if (!provider)
            return reader.fail(path, QStringLiteral("there is no provider \"%1\"%2")
                                         .arg(id, didYouMean(id, reader.catalog.ids())));
        if (out.providers.contains(id))
            return reader.fail(path, QStringLiteral("\"%1\" is listed twice").arg(id));
        out.providers += id;
        ChosenUpstream upstream = upstreamOf(*provider, reader.catalog);
        const bool known = std::ranges::any_of(out.upstreams, [&](const ChosenUpstream& other) {
            return isSameServer(other.config, upstream.config);
        });
        if (!known && !addUpstream(reader, path, std::move(upstream), out))
            return false;
    }
    return true;
}

bool readProviderList(SettingReader& reader, const QJsonValue& value, EffectiveSettings&) {
    if (!value.isString())
        return reader.fail(QStringLiteral("the path of a list of providers is expected"));
    const QString path = value.toString();
    if (path.isEmpty())
        return true; // the shipped list
    if (reader.source != SettingSource::Administrator)
        return reader.fail(QStringLiteral("only the administrator's file may name files"));
    return path.startsWith(QLatin1Char('/')) ||
           reader.fail(QStringLiteral("an absolute path is expected"));
}

bool readPolicy(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!value.isString())
        return reader.fail(QStringLiteral("the name of a policy is expected"));
    const QString name = value.toString();
    QStringList names;
    for (const auto policy : {engine::Policy::Sequential, engine::Policy::RoundRobin,
                              engine::Policy::Random, engine::Policy::Fastest}) {
        if (name == policyText(policy)) {
            out.policy = policy;
            return true;
        }
        names += policyText(policy);
    }
    if (name == QLatin1String("race") || name == QLatin1String("hashed"))
        return reader.fail(QStringLiteral("\"%1\" is %2").arg(name, kNotYet));
    return reader.fail(QStringLiteral("there is no policy \"%1\"%2; possible are %3")
                           .arg(name, didYouMean(name, names), names.join(QLatin1String(", "))));
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

bool readManage(SettingReader& reader, const QJsonValue& value, EffectiveSettings&) {
    bool manage = false;
    if (!readBool(reader, value, manage))
        return false;
    return !manage ||
           reader.fail(
               QStringLiteral("switching the system's DNS is %1; set it by hand").arg(kNotYet));
}

bool readLogEntries(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    qint64 entries = 0;
    if (!readWholeNumber(reader, value, 0, kMaxLogEntries, entries))
        return false;
    out.logEntries = static_cast<int>(entries);
    return true;
}

QJsonValue text(const char* value) {
    return QLatin1String(value);
}

} // namespace

ChosenUpstream upstreamOf(const protocol::Provider& provider, const ProviderCatalog& catalog) {
    ChosenUpstream upstream;
    for (const QString& address : provider.ipv4 + provider.ipv6) {
        if (const auto parsed = engine::IpAddress::parse(address.toStdString()))
            upstream.config.addresses.push_back(*parsed);
    }
    upstream.config.port = static_cast<std::uint16_t>(provider.port);
    upstream.config.tlsName = provider.tlsName.toStdString();
    upstream.config.label = provider.name.toStdString();
    upstream.config.caPem = catalog.authorities(provider.id).toStdString();
    upstream.provider = provider.id;
    return upstream;
}

const std::vector<SettingKey>& settingKeys() {
    // "providers" stands before "upstreams": within a layer both add up in this order.
    static const std::vector<SettingKey> keys = [] {
        std::vector<SettingKey> all{
            {"listen",
             [] {
                 return QJsonValue(QJsonArray{text("127.0.0.1:53"), text("[::1]:53")});
             },
             readListen},
            {"providers",
             [] {
                 return QJsonValue(QJsonArray{text("cloudflare"), text("quad9")});
             },
             readProviders},
            {"provider_list", [] { return text(""); }, readProviderList},
            {"upstreams", [] { return QJsonValue(QJsonArray{}); }, readUpstreams},
            {"policy", [] { return text("fastest"); }, readPolicy},
            {"workers", [] { return QJsonValue(1); }, readWorkers},
            {"browser_canary", [] { return QJsonValue(true); }, readBrowserCanary},
        };
        all.insert(all.end(), cacheKeys().begin(), cacheKeys().end());
        all.push_back({"system.manage", [] { return QJsonValue(false); }, readManage});
        all.push_back({"log.entries",
                       [] { return QJsonValue(EffectiveSettings::kDefaultLogEntries); },
                       readLogEntries});
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
