// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/test_subject.h"

#include "service/settings/setting_reader.h"
#include "service/settings/setting_text.h"

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxTarget = 300;

protocol::ProviderClaims claimsOf(const protocol::Provider& provider) {
    return {provider.filter, provider.dnssec, provider.noLog, provider.ecs,
            !provider.ipv6.isEmpty()};
}

TestSubject known(const ChosenUpstream& upstream, const ProviderCatalog& catalog) {
    TestSubject subject{upstream.config, upstream.provider, {}, true};
    if (const protocol::Provider* provider = catalog.find(upstream.provider))
        subject.claims = claimsOf(*provider);
    return subject;
}

bool isCalled(const engine::UpstreamConfig& config, const QString& target) {
    const std::string name = target.toStdString();
    return target.compare(QString::fromStdString(config.label), Qt::CaseInsensitive) == 0 ||
           config.toString() == name || config.tlsName == name ||
           std::ranges::any_of(config.addresses, [&](const engine::IpAddress& address) {
               return address.toString() == name;
           });
}

std::variant<TestSubject, Refusal> findTarget(const QString& target,
                                              const EffectiveSettings& settings,
                                              const ProviderCatalog& catalog) {
    if (target.isEmpty() || target.size() > kMaxTarget)
        return Refusal{protocol::InvalidParams, QStringLiteral("\"target\" names no provider")};
    for (const ChosenUpstream& upstream : settings.upstreams) {
        if (!upstream.provider.isEmpty() && upstream.provider == target)
            return known(upstream, catalog);
    }
    if (const protocol::Provider* provider = catalog.find(target))
        return known(upstreamOf(*provider, catalog), catalog);
    for (const ChosenUpstream& upstream : settings.upstreams) {
        if (isCalled(upstream.config, target))
            return known(upstream, catalog);
    }
    for (const engine::Route& route : settings.routes) {
        for (const engine::UpstreamConfig& config : route.upstreams) {
            if (!isCalled(config, target))
                continue;
            if (!config.isEncrypted())
                return Refusal{protocol::Rejected,
                               QStringLiteral("%1 is asked in clear text: there is nothing to test")
                                   .arg(target)};
            return TestSubject{config, {}, {}, true};
        }
    }
    return Refusal{protocol::Rejected, QStringLiteral("there is no provider or upstream \"%1\"%2")
                                           .arg(target, didYouMean(target, catalog.ids()))};
}

} // namespace

std::variant<TestSubject, Refusal> testSubject(const protocol::ProviderTestParams& params,
                                               const EffectiveSettings& settings,
                                               const ProviderCatalog& catalog) {
    if (params.target.has_value() == params.upstream.has_value())
        return Refusal{protocol::InvalidParams,
                       QStringLiteral("either \"target\" or \"upstream\" is expected")};
    if (params.target)
        return findTarget(*params.target, settings, catalog);
    TestSubject subject;
    const QHash<QString, QString> noFiles;
    SettingReader reader{catalog, SettingSource::App, noFiles};
    reader.path = QStringLiteral("upstream");
    if (!readUpstream(reader, *params.upstream, UpstreamUse::General, subject.config))
        return Refusal{protocol::Rejected, reader.path + QLatin1String(": ") + reader.reason};
    for (const ChosenUpstream& upstream : settings.upstreams) {
        if (upstream.config == subject.config)
            return known(upstream, catalog);
    }
    return subject;
}

} // namespace sotto::service
