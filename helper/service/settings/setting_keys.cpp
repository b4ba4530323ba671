// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/setting_reader.h"

#include "service/settings/setting_text.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace sotto::service {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr qsizetype kMaxListen = 32;
constexpr std::size_t kMaxUpstreams = 64;
constexpr std::uint16_t kDnsPort = 53;
constexpr quint64 kMinCacheBytes = quint64{1} << 20;
constexpr quint64 kMaxCacheBytes = quint64{4} << 30;
constexpr qint64 kMaxLogEntries = 1000000;

const QString kNotYet = QStringLiteral("not available in this version yet");

bool readBool(SettingReader& reader, const QString& path, const QJsonValue& value, bool& out) {
    if (!value.isBool())
        return reader.fail(path, QStringLiteral("true or false is expected"));
    out = value.toBool();
    return true;
}

bool readDuration(SettingReader& reader, const QJsonValue& value, seconds least, seconds most,
                  seconds& out) {
    const auto duration =
        value.isString() ? durationFromText(value.toString()) : std::optional<milliseconds>{};
    if (!duration)
        return reader.fail(QStringLiteral("a duration such as \"30s\", \"5m\" or \"1h\" is "
                                          "expected"));
    if (*duration % seconds(1) != milliseconds(0))
        return reader.fail(QStringLiteral("whole seconds are expected"));
    if (*duration < least || *duration > most)
        return reader.fail(QStringLiteral("a duration from %1 to %2 is expected")
                               .arg(durationText(least), durationText(most)));
    out = std::chrono::duration_cast<seconds>(*duration);
    return true;
}

bool readTtlCap(SettingReader& reader, const QJsonValue& value, seconds& out) {
    return readDuration(reader, value, seconds(1), seconds(604800), out);
}

bool nonEmptyArray(SettingReader& reader, const QJsonValue& value, const QString& what) {
    if (!value.isArray())
        return reader.fail(QStringLiteral("an array of %1 is expected").arg(what));
    if (value.toArray().isEmpty())
        return reader.fail(QStringLiteral("at least one of the %1 is needed").arg(what));
    return true;
}

QString element(const QString& path, qsizetype index) {
    return QStringLiteral("%1[%2]").arg(path).arg(index);
}

bool readListen(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!nonEmptyArray(reader, value, QStringLiteral("addresses")))
        return false;
    const QJsonArray array = value.toArray();
    if (array.size() > kMaxListen)
        return reader.fail(QStringLiteral("at most %1 addresses are possible").arg(kMaxListen));
    out.listen.clear();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = element(reader.path, i);
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

bool sameServer(const ChosenUpstream& a, const ChosenUpstream& b) {
    return a.config.endpoint == b.config.endpoint && a.config.tlsName == b.config.tlsName;
}

bool readUpstreams(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!nonEmptyArray(reader, value, QStringLiteral("upstreams")))
        return false;
    const QString listPath = reader.path;
    const QJsonArray array = value.toArray();
    const std::size_t ownBegin = out.upstreams.size();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = element(listPath, i);
        reader.path = path;
        ChosenUpstream upstream;
        if (!readUpstream(reader, array[i], upstream.config))
            return false;
        const auto same = std::ranges::find_if(out.upstreams, [&](const ChosenUpstream& other) {
            return sameServer(other, upstream);
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
        const QString path = element(listPath, i);
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
        for (ChosenUpstream& upstream : upstreamsOf(*provider, reader.catalog)) {
            const bool known = std::ranges::any_of(out.upstreams, [&](const ChosenUpstream& other) {
                return sameServer(other, upstream);
            });
            if (!known && !addUpstream(reader, path, std::move(upstream), out))
                return false;
        }
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

bool readCacheSize(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    std::optional<quint64> size;
    if (value.isString())
        size = sizeFromText(value.toString());
    else if (value.isDouble() && value.toInteger(-1) >= 0)
        size = static_cast<quint64>(value.toInteger());
    if (!size)
        return reader.fail(QStringLiteral("a size such as \"32MiB\" is expected"));
    if (*size < kMinCacheBytes || *size > kMaxCacheBytes)
        return reader.fail(QStringLiteral("a size from 1MiB to 4GiB is expected"));
    out.cache.sizeBytes = *size;
    return true;
}

bool readSuccessTtl(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readTtlCap(reader, value, out.cache.positiveTtlCap);
}

bool readDenialTtl(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readTtlCap(reader, value, out.cache.negativeTtlCap);
}

bool readServfail(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readDuration(reader, value, seconds(0), seconds(300), out.cache.failureTtl);
}

bool readServeStale(SettingReader& reader, const QJsonValue& value, EffectiveSettings&) {
    if (!value.isObject())
        return reader.fail(QStringLiteral("a table is expected"));
    const QStringList members{QStringLiteral("enabled"), QStringLiteral("for"),
                              QStringLiteral("mode")};
    const QString tablePath = reader.path;
    const QJsonObject table = value.toObject();
    bool enabled = false;
    for (auto it = table.begin(); it != table.end(); ++it) {
        reader.path = tablePath + QLatin1Char('.') + it.key();
        seconds kept{};
        if (it.key() == members[0]) {
            if (!readBool(reader, reader.path, it.value(), enabled))
                return false;
            if (enabled)
                return reader.fail(QStringLiteral("serving stale answers is ") + kNotYet);
        } else if (it.key() == members[1]) {
            if (!readTtlCap(reader, it.value(), kept))
                return false;
        } else if (it.key() == members[2]) {
            if (it.value() != QLatin1String("verify") && it.value() != QLatin1String("immediate"))
                return reader.fail(QStringLiteral("\"verify\" or \"immediate\" is expected"));
        } else {
            return reader.fail(QStringLiteral("unknown key%1").arg(didYouMean(it.key(), members)));
        }
    }
    return true;
}

bool readManage(SettingReader& reader, const QJsonValue& value, EffectiveSettings&) {
    bool manage = false;
    if (!readBool(reader, reader.path, value, manage))
        return false;
    return !manage ||
           reader.fail(
               QStringLiteral("switching the system's DNS is %1; set it by hand").arg(kNotYet));
}

bool readLogEntries(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    const qint64 entries = value.toInteger(-1);
    if (!value.isDouble() || entries < 0 || entries > kMaxLogEntries)
        return reader.fail(
            QStringLiteral("a whole number from 0 to %1 is expected").arg(kMaxLogEntries));
    out.logEntries = static_cast<int>(entries);
    return true;
}

QJsonValue text(const char* value) {
    return QLatin1String(value);
}

} // namespace

std::vector<ChosenUpstream> upstreamsOf(const protocol::Provider& provider,
                                        const ProviderCatalog& catalog) {
    std::vector<ChosenUpstream> result;
    for (const QString& address : provider.ipv4 + provider.ipv6) {
        const auto parsed = engine::IpAddress::parse(address.toStdString());
        if (!parsed)
            continue;
        ChosenUpstream upstream;
        upstream.config.endpoint = {*parsed, static_cast<std::uint16_t>(provider.port)};
        upstream.config.tlsName = provider.tlsName.toStdString();
        upstream.config.label = provider.name.toStdString();
        upstream.config.caPem = catalog.authorities(provider.id).toStdString();
        upstream.provider = provider.id;
        result.push_back(std::move(upstream));
    }
    return result;
}

const std::vector<SettingKey>& settingKeys() {
    // "providers" stands before "upstreams": within a layer both add up in this order.
    static const std::vector<SettingKey> keys{
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
        {"cache.size", [] { return text("32MiB"); }, readCacheSize},
        {"cache.success.ttl", [] { return text("1h"); }, readSuccessTtl},
        {"cache.denial.ttl", [] { return text("30m"); }, readDenialTtl},
        {"cache.servfail", [] { return text("5s"); }, readServfail},
        {"cache.serve_stale",
         [] {
             return QJsonValue(QJsonObject{{QStringLiteral("enabled"), false}});
         },
         readServeStale},
        {"system.manage", [] { return QJsonValue(false); }, readManage},
        {"log.entries", [] { return QJsonValue(EffectiveSettings::kDefaultLogEntries); },
         readLogEntries},
    };
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
