// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/route_key.h"

#include "service/settings/setting_values.h"
#include "service/settings/zone_name.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxRoutes = 64;
constexpr qsizetype kMaxRouteUpstreams = 8;
constexpr std::size_t kMaxUpstreams = 64; ///< of all routes, so that the status fits a message

bool readServers(SettingReader& reader, const QJsonValue& value,
                 std::vector<engine::UpstreamConfig>& out) {
    if (!readNonEmptyArray(reader, value, QStringLiteral("upstreams")))
        return false;
    const QString listPath = reader.path;
    const QJsonArray array = value.toArray();
    if (array.size() > kMaxRouteUpstreams)
        return reader.fail(
            QStringLiteral("at most %1 upstreams are possible in a route").arg(kMaxRouteUpstreams));
    for (qsizetype i = 0; i < array.size(); ++i) {
        reader.path = elementPath(listPath, i);
        engine::UpstreamConfig server;
        if (!readUpstream(reader, array[i], UpstreamUse::Route, server))
            return false;
        const auto same = [&](const engine::UpstreamConfig& other) {
            return isSameServer(other, server);
        };
        if (std::ranges::any_of(out, same))
            return reader.fail(elementPath(listPath, i),
                               QStringLiteral("%1 is listed twice")
                                   .arg(QString::fromStdString(server.toString())));
        out.push_back(std::move(server));
    }
    return true;
}

bool readRouteZones(SettingReader& reader, const QJsonValue& value, std::vector<std::string>& out) {
    if (!readZones(reader, value, out))
        return false;
    return !out.empty() || reader.fail(QStringLiteral("at least one zone is needed"));
}

/// A route for all names would send them out in clear text.
bool checkClearText(SettingReader& reader, const QString& path, const engine::Route& route) {
    if (std::ranges::find(route.zones, ".") == route.zones.end())
        return true;
    const auto plain =
        std::ranges::find_if_not(route.upstreams, &engine::UpstreamConfig::isEncrypted);
    if (plain == route.upstreams.end())
        return true;
    return reader.fail(
        elementPath(path + QLatin1String(".upstreams"), plain - route.upstreams.begin()),
        QStringLiteral("%1 is asked in clear text, which is for split DNS only: with the zone "
                       "\".\" all names would go out unencrypted")
            .arg(QString::fromStdString(plain->toString())));
}

bool checkExcept(SettingReader& reader, const QString& path, const engine::Route& route) {
    for (std::size_t i = 0; i < route.except.size(); ++i) {
        const std::string& name = route.except[i];
        if (std::ranges::none_of(route.zones,
                                 [&](const std::string& zone) { return liesBelow(name, zone); }))
            return reader.fail(
                elementPath(path + QLatin1String(".except"), static_cast<qsizetype>(i)),
                QStringLiteral("%1 lies below none of the zones of this route")
                    .arg(QString::fromStdString(name)));
    }
    return true;
}

/// A zone that a route before has taken already; zones is those of all routes before.
bool checkTaken(SettingReader& reader, const QString& path, const engine::Route& route,
                std::vector<std::string>& zones) {
    for (std::size_t i = 0; i < route.zones.size(); ++i) {
        if (std::ranges::any_of(
                zones, [&](const std::string& other) { return isSameZone(other, route.zones[i]); }))
            return reader.fail(
                elementPath(path + QLatin1String(".zones"), static_cast<qsizetype>(i)),
                QStringLiteral("%1 has a route already")
                    .arg(QString::fromStdString(route.zones[i])));
    }
    zones.insert(zones.end(), route.zones.begin(), route.zones.end());
    return true;
}

bool readRoute(SettingReader& reader, const QJsonValue& value, engine::Route& out) {
    const QString path = reader.path;
    const bool read = readTable(
        reader, value, QStringLiteral("{ zones = [\"corp.example\"], upstreams = [\"…\"] }"),
        {{"zones",
          [&](const QJsonValue& member) { return readRouteZones(reader, member, out.zones); }},
         {"except",
          [&](const QJsonValue& member) { return readZones(reader, member, out.except); }},
         {"upstreams",
          [&](const QJsonValue& member) { return readServers(reader, member, out.upstreams); }},
         {"policy",
          [&](const QJsonValue& member) { return readPolicy(reader, member, out.policy); }}});
    if (!read)
        return false;
    if (out.zones.empty())
        return reader.fail(path, QStringLiteral("\"zones\" is missing"));
    if (out.upstreams.empty())
        return reader.fail(path, QStringLiteral("\"upstreams\" is missing"));
    return checkClearText(reader, path, out) && checkExcept(reader, path, out);
}

bool readRoutes(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    if (!value.isArray())
        return reader.fail(QStringLiteral("an array of tables is expected, each as [[route]]"));
    const QString listPath = reader.path;
    const QJsonArray array = value.toArray();
    if (array.size() > kMaxRoutes)
        return reader.fail(QStringLiteral("at most %1 routes are possible").arg(kMaxRoutes));
    out.routes.clear();
    std::size_t upstreams = 0;
    std::vector<std::string> zones;
    for (qsizetype i = 0; i < array.size(); ++i) {
        reader.path = elementPath(listPath, i);
        engine::Route route;
        if (!readRoute(reader, array[i], route) ||
            !checkTaken(reader, elementPath(listPath, i), route, zones))
            return false;
        upstreams += route.upstreams.size();
        if (upstreams > kMaxUpstreams)
            return reader.fail(elementPath(listPath, i),
                               QStringLiteral("at most %1 upstreams are possible in all routes")
                                   .arg(kMaxUpstreams));
        out.routes.push_back(std::move(route));
    }
    return true;
}

} // namespace

const SettingKey& routeKey() {
    static const SettingKey key{"route", [] { return QJsonValue(QJsonArray{}); }, readRoutes};
    return key;
}

} // namespace sotto::service
