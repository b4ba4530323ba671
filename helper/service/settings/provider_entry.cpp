// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/provider_entry.h"

#include "engine/endpoint.h"
#include "service/settings/certificate_text.h"
#include "service/settings/host_name.h"
#include "service/settings/setting_text.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace sotto::service {

namespace {

using protocol::Provider;

constexpr int kMaxIdLength = 40;
constexpr int kMaxNameLength = 60;
constexpr int kMaxDescriptionLength = 200;
constexpr int kMaxAddresses = 16;
const QString kCa = QStringLiteral("ca");

const QStringList kRequired{
    QStringLiteral("id"),        QStringLiteral("name"),    QStringLiteral("description"),
    QStringLiteral("country"),   QStringLiteral("website"), QStringLiteral("tls_name"),
    QStringLiteral("ipv4"),      QStringLiteral("ipv6"),    QStringLiteral("port"),
    QStringLiteral("confirmed"), QStringLiteral("filter")};
const QStringList kOptional{QStringLiteral("dnssec"), QStringLiteral("no_log"),
                            QStringLiteral("ecs"), kCa};

bool isDigit(QChar c) {
    return c >= QLatin1Char('0') && c <= QLatin1Char('9');
}
bool isSmallLetter(QChar c) {
    return c >= QLatin1Char('a') && c <= QLatin1Char('z');
}
bool isCapital(QChar c) {
    return c >= QLatin1Char('A') && c <= QLatin1Char('Z');
}

/// Small letters and digits, with single hyphens between them.
bool isId(const QString& text) {
    const QStringList parts = text.split(QLatin1Char('-'));
    return std::ranges::all_of(parts, [](const QString& part) {
        return !part.isEmpty() &&
               std::ranges::all_of(part, [](QChar c) { return isDigit(c) || isSmallLetter(c); });
    });
}

bool isSentence(const QString& text) {
    return text.size() >= 2 && isCapital(text.front()) && text.endsWith(QLatin1Char('.')) &&
           !text.contains(QLatin1Char('\n'));
}

bool isCountryOrNone(const QString& text) {
    return text.isEmpty() || (text.size() == 2 && std::ranges::all_of(text, isCapital));
}

/// "https://HOST/" with whatever path behind it, without white space.
bool isWebsite(const QString& text) {
    static const QString kScheme = QStringLiteral("https://");
    return text.startsWith(kScheme) &&
           text.indexOf(QLatin1Char('/'), kScheme.size()) > kScheme.size() &&
           std::ranges::none_of(text, [](QChar c) { return c.isSpace(); });
}

bool isFilter(const QString& text) {
    static const QStringList kFilters{QStringLiteral("none"), QStringLiteral("malware"),
                                      QStringLiteral("ads"), QStringLiteral("family"),
                                      QStringLiteral("unknown")};
    return kFilters.contains(text);
}

std::optional<ProviderFault> checkMembers(const QJsonObject& object) {
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (!kRequired.contains(it.key()) && !kOptional.contains(it.key()))
            return ProviderFault{it.key(), QStringLiteral("unknown member") +
                                               didYouMean(it.key(), kRequired + kOptional)};
        if (it.value().isNull())
            return ProviderFault{it.key(), QStringLiteral("a value is expected")};
    }
    for (const QString& name : kRequired) {
        if (!object.contains(name))
            return ProviderFault{name, QStringLiteral("it is missing")};
    }
    return std::nullopt;
}

std::optional<ProviderFault> checkAddresses(const char* member, const QStringList& addresses,
                                            bool v6) {
    for (qsizetype i = 0; i < addresses.size(); ++i) {
        const auto parsed = engine::IpAddress::parse(addresses[i].toStdString());
        if (!parsed || addresses[i].contains(QLatin1Char(':')) != v6)
            return ProviderFault{QStringLiteral("%1[%2]").arg(QLatin1String(member)).arg(i),
                                 v6 ? QStringLiteral("an IPv6 address is expected")
                                    : QStringLiteral("an IPv4 address is expected")};
        if (addresses.indexOf(addresses[i]) != i)
            return ProviderFault{QStringLiteral("%1[%2]").arg(QLatin1String(member)).arg(i),
                                 QStringLiteral("listed twice")};
    }
    return std::nullopt;
}

std::optional<ProviderFault> checkTexts(const Provider& provider) {
    const auto fault = [](const char* member, const char* reason) {
        return ProviderFault{QLatin1String(member), QString::fromUtf8(reason)};
    };
    if (provider.id.size() > kMaxIdLength || !isId(provider.id))
        return fault("id", "at most 40 of a-z, 0-9 and single hyphens between them are expected");
    if (provider.name.isEmpty() || provider.name.size() > kMaxNameLength)
        return fault("name", "1 to 60 characters are expected");
    if (provider.description.size() > kMaxDescriptionLength || !isSentence(provider.description))
        return fault("description",
                     "a sentence of at most 200 characters is expected: a capital, a full stop");
    if (!isCountryOrNone(provider.country))
        return fault("country", "two capital letters are expected, or nothing");
    if (!isWebsite(provider.website))
        return fault("website", "\"https://HOST/…\" is expected");
    if (!isHostName(provider.tlsName) || provider.tlsName != provider.tlsName.toLower())
        return fault("tls_name", "a host name in small letters is expected");
    if (!isFilter(provider.filter))
        return fault("filter", "none, malware, ads, family or unknown is expected");
    if (provider.port < 1 || provider.port > 65535)
        return fault("port", "a port from 1 to 65535 is expected");
    if (provider.ipv4.isEmpty() && provider.ipv6.isEmpty())
        return fault("", "it has no address");
    if (provider.ipv4.size() + provider.ipv6.size() > kMaxAddresses)
        return fault("", "it has more than 16 addresses");
    return std::nullopt;
}

} // namespace

std::optional<ProviderFault> readProviderEntry(const QJsonValue& json, ProviderEntry& entry) {
    if (!json.isObject())
        return ProviderFault{{}, QStringLiteral("an object is expected")};
    const QJsonObject object = json.toObject();
    if (auto fault = checkMembers(object))
        return fault;
    ProviderEntry result;
    if (QString why; !protocol::fromJson(json, result.provider, why))
        return ProviderFault{{}, why};
    if (auto fault = checkTexts(result.provider))
        return fault;
    if (auto fault = checkAddresses("ipv4", result.provider.ipv4, false))
        return fault;
    if (auto fault = checkAddresses("ipv6", result.provider.ipv6, true))
        return fault;
    if (object.contains(kCa)) {
        result.authorities = object.value(kCa).toString();
        if (QString why; !checkCertificateText(result.authorities.toUtf8(), why))
            return ProviderFault{kCa, why};
    }
    entry = std::move(result);
    return std::nullopt;
}

} // namespace sotto::service
