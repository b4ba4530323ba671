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

/// Whether a text of the form of CoreDNS means this upstream: its own, or one with another of its
/// addresses, or its name alone.
bool isSpecOf(const engine::UpstreamConfig& config, const std::string& text) {
    const auto spec = engine::UpstreamConfig::parse(text);
    if (!spec)
        return false;
    const engine::UpstreamConfig& meant = spec.value();
    return meant.protocol == config.protocol && meant.port == config.port &&
           meant.tlsName == config.tlsName &&
           std::ranges::all_of(meant.addresses, [&](const engine::IpAddress& address) {
               return std::ranges::find(config.addresses, address) != config.addresses.end();
           });
}

bool isCalled(const engine::UpstreamConfig& config, const QString& target) {
    const std::string name = target.toStdString();
    return target.compare(QString::fromStdString(config.label), Qt::CaseInsensitive) == 0 ||
           config.tlsName == name ||
           std::ranges::any_of(
               config.addresses,
               [&](const engine::IpAddress& address) { return address.toString() == name; }) ||
           isSpecOf(config, name);
}

/// Those that are in use and called so, each once.
std::vector<ChosenUpstream> calledSo(const QString& target, const EffectiveSettings& settings) {
    std::vector<ChosenUpstream> found;
    const auto add = [&](const ChosenUpstream& upstream) {
        const auto same = [&](const ChosenUpstream& other) {
            return other.config == upstream.config;
        };
        if (isCalled(upstream.config, target) && std::ranges::none_of(found, same))
            found.push_back(upstream);
    };
    for (const ChosenUpstream& upstream : settings.upstreams)
        add(upstream);
    for (const engine::Route& route : settings.routes) {
        for (const engine::UpstreamConfig& config : route.upstreams)
            add({config, {}});
    }
    return found;
}

/// The one that is meant among several: the one that is written so, or the only encrypted one.
void narrow(std::vector<ChosenUpstream>& found, const QString& target) {
    const auto keepThose = [&](const auto& wanted) {
        if (std::ranges::any_of(found, wanted))
            std::erase_if(found, [&](const ChosenUpstream& one) { return !wanted(one); });
    };
    keepThose([](const ChosenUpstream& one) { return one.config.isEncrypted(); });
    keepThose(
        [&](const ChosenUpstream& one) { return one.config.toString() == target.toStdString(); });
}

std::variant<TestSubject, Refusal> readOwn(const QJsonValue& upstream,
                                           const ProviderCatalog& catalog) {
    TestSubject subject;
    const QHash<QString, QString> noFiles;
    SettingReader reader{catalog, SettingSource::App, noFiles};
    reader.path = QStringLiteral("upstream");
    if (!readUpstream(reader, upstream, UpstreamUse::General, subject.config))
        return Refusal{protocol::Rejected, reader.path + QLatin1String(": ") + reader.reason};
    return subject;
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
    std::vector<ChosenUpstream> found = calledSo(target, settings);
    narrow(found, target);
    if (found.size() > 1) {
        QStringList specs;
        for (const ChosenUpstream& upstream : found)
            specs += QString::fromStdString(upstream.config.toString());
        return Refusal{protocol::Rejected,
                       QStringLiteral("several upstreams are called \"%1\"; name one of them: %2")
                           .arg(target, specs.join(QLatin1String(", ")))};
    }
    if (!found.empty() && !found.front().config.isEncrypted())
        return Refusal{
            protocol::Rejected,
            QStringLiteral("%1 is asked in clear text: there is nothing to test").arg(target)};
    if (!found.empty())
        return known(found.front(), catalog);
    if (target.contains(QLatin1String("://")))
        return readOwn(target, catalog);
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
    auto own = readOwn(*params.upstream, catalog);
    if (const auto* subject = std::get_if<TestSubject>(&own)) {
        for (const ChosenUpstream& upstream : settings.upstreams) {
            if (upstream.config == subject->config)
                return known(upstream, catalog);
        }
    }
    return own;
}

} // namespace sotto::service
