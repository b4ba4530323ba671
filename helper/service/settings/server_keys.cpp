// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/server_keys.h"

#include "service/settings/setting_text.h"
#include "service/settings/setting_values.h"

#include <QJsonArray>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr std::size_t kMaxUpstreams = 64;

bool addUpstream(SettingReader& reader, const QString& path, ChosenUpstream upstream,
                 EffectiveSettings& out) {
    if (out.upstreams.size() >= kMaxUpstreams)
        return reader.fail(path,
                           QStringLiteral("at most %1 upstreams are possible").arg(kMaxUpstreams));
    out.upstreams.push_back(std::move(upstream));
    return true;
}

/// Whether an own upstream gives its terms for a provider: by its name, with or without an address.
bool meansProvider(const engine::UpstreamConfig& own, const ChosenUpstream& provider) {
    const engine::UpstreamConfig& other = provider.config;
    const auto isListed = [&](const engine::IpAddress& address) {
        return std::ranges::find(other.addresses, address) != other.addresses.end();
    };
    return own.tlsName == other.tlsName && own.port == other.port &&
           (own.addresses.empty() || std::ranges::any_of(own.addresses, isListed));
}

/// Puts one's own terms in the place of the provider's.
void replace(ChosenUpstream& provider, engine::UpstreamConfig own) {
    own.label = provider.config.label;
    if (own.addresses.empty())
        own.addresses = provider.config.addresses;
    if (own.caPem.empty())
        own.caPem = provider.config.caPem;
    provider.config = std::move(own);
}

bool readUpstreams(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!readNonEmptyArray(reader, value, QStringLiteral("upstreams")))
        return false;
    const QString listPath = reader.path;
    const QJsonArray array = value.toArray();
    std::vector<bool> isOwn(out.upstreams.size(), false);
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = elementPath(listPath, i);
        reader.path = path;
        ChosenUpstream upstream;
        if (!readUpstream(reader, array[i], UpstreamUse::General, upstream.config))
            return false;
        std::size_t place = 0;
        while (place < isOwn.size() &&
               (isOwn[place] || !meansProvider(upstream.config, out.upstreams[place])))
            ++place;
        if (place < isOwn.size()) {
            replace(out.upstreams[place], std::move(upstream.config));
            isOwn[place] = true;
            continue;
        }
        const auto isSame = [&](const ChosenUpstream& other) {
            return isSameServer(other.config, upstream.config);
        };
        if (std::ranges::any_of(out.upstreams, isSame))
            return reader.fail(path, QStringLiteral("%1 is listed twice")
                                         .arg(QString::fromStdString(upstream.config.toString())));
        if (!addUpstream(reader, path, std::move(upstream), out))
            return false;
        isOwn.push_back(true);
    }
    return true;
}

bool readProviders(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!readNonEmptyArray(reader, value, QStringLiteral("providers")))
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

const std::vector<SettingKey>& serverKeys() {
    static const std::vector<SettingKey> keys{
        {"providers",
         [] {
             return QJsonValue(QJsonArray{textValue("cloudflare"), textValue("quad9")});
         },
         readProviders},
        {"provider_list", [] { return textValue(""); }, readProviderList},
        {"upstreams", [] { return QJsonValue(QJsonArray{}); }, readUpstreams},
    };
    return keys;
}

} // namespace sotto::service
