// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/forward_keys.h"

#include "engine/engine.h"
#include "service/settings/client_subnet.h"
#include "service/settings/setting_text.h"
#include "service/settings/setting_values.h"
#include "service/settings/zone_name.h"

#include <QJsonArray>
#include <QJsonObject>

namespace sotto::service {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint16_t kDnsPort = 53;
constexpr unsigned kMostConnections = 16;
constexpr unsigned kMostFails = 100;
constexpr unsigned kMostConcurrent = 1000000;
constexpr unsigned kMostConnectAttempts = 64;
constexpr qsizetype kMostBootstrap = 8;
constexpr std::uint16_t kLastCode = 15; ///< of those that fit a header without EDNS

bool readExpire(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readDuration(reader, value, seconds(0), hours(24), out.forward.expire);
}

bool readMaxAge(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readDuration(reader, value, seconds(0), hours(168), out.forward.maxAge);
}

bool readMaxConnections(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readCount(reader, value, 1, kMostConnections, out.forward.maxConnections);
}

bool readMaxFails(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readCount(reader, value, 0, kMostFails, out.forward.maxFails);
}

bool readCheckedName(SettingReader& reader, const QJsonValue& value, std::string& out) {
    QString text;
    if (!readText(reader, value, text))
        return false;
    QString why;
    const auto name = zoneFromText(text, why);
    if (!name)
        return reader.fail(why);
    out = *name;
    return true;
}

bool readHealthCheck(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    engine::ForwardConfig::HealthCheck& check = out.forward.healthCheck;
    return readTable(reader, value, QStringLiteral("{ interval = \"500ms\" }"),
                     {{"interval",
                       [&](const QJsonValue& member) {
                           return readDuration(reader, member, milliseconds(100), minutes(5),
                                               check.interval);
                       }},
                      {"no_rec",
                       [&](const QJsonValue& member) {
                           bool without = false;
                           if (!readBool(reader, member, without))
                               return false;
                           check.recursionDesired = !without;
                           return true;
                       }},
                      {"domain", [&](const QJsonValue& member) {
                           return readCheckedName(reader, member, check.domain);
                       }}});
}

bool readMaxConcurrent(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readCount(reader, value, 0, kMostConcurrent, out.forward.maxConcurrent);
}

bool readMaxConnectAttempts(SettingReader& reader, const QJsonValue& value,
                            EffectiveSettings& out) {
    return readCount(reader, value, 0, kMostConnectAttempts, out.forward.maxConnectAttempts);
}

bool readReadTimeout(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readDuration(reader, value, milliseconds(100), seconds(5), out.forward.readTimeout);
}

bool readFailover(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    QStringList names;
    for (std::uint16_t code = 1; code <= kLastCode; ++code) {
        if (const std::string name = engine::responseCodeText(code); !name.starts_with("RCODE"))
            names += QString::fromStdString(name);
    }
    out.forward.failover.clear();
    return readList(reader, value, {"response codes", "SERVFAIL", kLastCode},
                    [&](const QJsonValue& element) {
                        const QString name = element.toString().toUpper();
                        if (name == QLatin1String("NOERROR"))
                            return reader.fail(QStringLiteral("NOERROR is no failure"));
                        std::uint8_t found = 0;
                        for (std::uint8_t code = 1; code <= kLastCode; ++code) {
                            if (name == QString::fromStdString(engine::responseCodeText(code)))
                                found = code;
                        }
                        if (found == 0)
                            return reader.fail(
                                QStringLiteral("a response code is expected: %1%2")
                                    .arg(names.join(QLatin1String(", ")), didYouMean(name, names)));
                        return appendOnce(reader, out.forward.failover, found, name);
                    });
}

bool readFailfast(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readBool(reader, value, out.forward.failfastAllUnhealthy);
}

/// One address, or one of each family.
bool readSourceAddress(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!value.isString() && !value.isArray())
        return reader.fail(QStringLiteral("an address of this computer is expected, or an array "
                                          "of an IPv4 and an IPv6 one"));
    const QJsonArray array = value.isArray() ? value.toArray() : QJsonArray{value};
    out.forward.sourceAddressV4.reset();
    out.forward.sourceAddressV6.reset();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = value.isArray() ? elementPath(reader.path, i) : reader.path;
        const auto address = engine::IpAddress::parse(array[i].toString().toStdString());
        if (!address)
            return reader.fail(path, QStringLiteral("an IPv4 or IPv6 address without port and "
                                                    "brackets is expected"));
        auto& place = address->isV6 ? out.forward.sourceAddressV6 : out.forward.sourceAddressV4;
        if (place)
            return reader.fail(path, QStringLiteral("only one address of a family is possible"));
        place = *address;
    }
    return true;
}

bool readBootstrap(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    out.forward.bootstrap.clear();
    return readList(
        reader, value, {"addresses", "192.0.2.1", kMostBootstrap}, [&](const QJsonValue& element) {
            const QString text = element.toString();
            const auto server = engine::Endpoint::parse(text.toStdString(), kDnsPort);
            if (!server)
                return reader.fail(QString::fromStdString(server.error().message()));
            if (server.value().port == 0)
                return reader.fail(QStringLiteral("a port from 1 to 65535 is expected"));
            return appendOnce(reader, out.forward.bootstrap, server.value(), text);
        });
}

bool readEarlyData(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readBool(reader, value, out.forward.earlyData);
}

bool readTcpFastOpen(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readBool(reader, value, out.forward.tcpFastOpen);
}

bool readRaceShare(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    unsigned percent = 0;
    if (!readPercentage(reader, value, 0, 100, percent))
        return false;
    out.forward.raceShare = percent / 100.0;
    return true;
}

bool readClientSubnet(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    QString text;
    if (!readText(reader, value, text))
        return false;
    QString why;
    const auto subnet = clientSubnetFromText(text, why);
    if (!subnet)
        return reader.fail(why);
    out.forward.clientSubnet = *subnet;
    return true;
}

QJsonValue none() {
    return QJsonArray{};
}

QJsonValue no() {
    return false;
}

QJsonValue defaultHealthCheck() {
    return QJsonObject{{QStringLiteral("interval"), textValue("500ms")},
                       {QStringLiteral("no_rec"), false},
                       {QStringLiteral("domain"), textValue(".")}};
}

QJsonValue defaultFailover() {
    return QJsonArray{textValue("FORMERR"), textValue("SERVFAIL"), textValue("NOTIMP"),
                      textValue("REFUSED")};
}

} // namespace

const std::vector<SettingKey>& forwardKeys() {
    static const std::vector<SettingKey> keys{
        {"forward.expire", [] { return textValue("0s"); }, readExpire},
        {"forward.max_age", [] { return textValue("0s"); }, readMaxAge},
        {"forward.max_connections", [] { return QJsonValue(4); }, readMaxConnections},
        {"forward.max_fails", [] { return QJsonValue(2); }, readMaxFails},
        {"forward.health_check", defaultHealthCheck, readHealthCheck},
        {"forward.max_concurrent", [] { return QJsonValue(0); }, readMaxConcurrent},
        {"forward.max_connect_attempts", [] { return QJsonValue(0); }, readMaxConnectAttempts},
        {"forward.read_timeout", [] { return textValue("1800ms"); }, readReadTimeout},
        {"forward.failover", defaultFailover, readFailover},
        {"forward.failfast_all_unhealthy_upstreams", no, readFailfast},
        {"forward.source_address", none, readSourceAddress},
        {"forward.bootstrap", none, readBootstrap},
        {"forward.early_data", no, readEarlyData},
        {"forward.tcp_fast_open", no, readTcpFastOpen},
        {"forward.race_share", [] { return textValue("5%"); }, readRaceShare},
        {"forward.client_subnet", [] { return textValue("strip"); }, readClientSubnet},
    };
    return keys;
}

} // namespace sotto::service
