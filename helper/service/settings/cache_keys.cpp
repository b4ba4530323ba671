// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/cache_keys.h"

#include "service/settings/setting_text.h"
#include "service/settings/setting_values.h"

#include <QJsonArray>
#include <QJsonObject>

namespace sotto::service {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr quint64 kMinCacheBytes = quint64{1} << 20;
constexpr quint64 kMaxCacheBytes = quint64{4} << 30;
constexpr seconds kLongestTtl{604800}; ///< RFC 8767 §4: seven days
constexpr qint64 kMostHits = 255;      ///< as far as the engine counts
constexpr qint64 kHighestPercentage = 90;

bool readSize(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
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

bool readCacheZones(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readZones(reader, value, out.cache.zones);
}

bool readSuccessTtl(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readWholeSeconds(reader, value, seconds(1), kLongestTtl, out.cache.positiveTtlCap);
}

bool readSuccessMinTtl(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readWholeSeconds(reader, value, seconds(0), kLongestTtl, out.cache.positiveTtlFloor);
}

bool readDenialTtl(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readWholeSeconds(reader, value, seconds(1), kLongestTtl, out.cache.negativeTtlCap);
}

bool readDenialMinTtl(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readWholeSeconds(reader, value, seconds(0), kLongestTtl, out.cache.negativeTtlFloor);
}

/// true, false, or the zones that are meant.
bool readDisable(SettingReader& reader, const QJsonValue& value, std::vector<std::string>& out) {
    if (value.isArray())
        return readZones(reader, value, out);
    if (!value.isBool())
        return reader.fail(QStringLiteral("true, false or an array of zones is expected"));
    out.clear();
    if (value.toBool())
        out.emplace_back(".");
    return true;
}

bool readDisableSuccess(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readDisable(reader, value, out.cache.positiveDisabled);
}

bool readDisableDenial(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readDisable(reader, value, out.cache.negativeDisabled);
}

bool readServfail(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readWholeSeconds(reader, value, seconds(0), minutes(5), out.cache.failureTtl);
}

/// A number, or as CoreDNS writes it: "10%".
bool readPercentage(SettingReader& reader, const QJsonValue& value, unsigned& out) {
    QJsonValue number = value;
    if (const QString text = value.toString(); text.endsWith(QLatin1Char('%'))) {
        bool ok = false;
        if (const int percent = text.chopped(1).toInt(&ok); ok)
            number = percent;
    }
    qint64 percentage = 0;
    if (!readWholeNumber(reader, number, 1, kHighestPercentage, percentage))
        return false;
    out = static_cast<unsigned>(percentage);
    return true;
}

bool readPrefetch(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    engine::CacheConfig::Prefetch& prefetch = out.cache.prefetch;
    return readTable(reader, value, QStringLiteral("{ amount = 10 }"),
                     {{"amount",
                       [&](const QJsonValue& member) {
                           qint64 hits = 0;
                           if (!readWholeNumber(reader, member, 0, kMostHits, hits))
                               return false;
                           prefetch.hits = static_cast<unsigned>(hits);
                           return true;
                       }},
                      {"duration",
                       [&](const QJsonValue& member) {
                           return readWholeSeconds(reader, member, seconds(1), hours(24),
                                                   prefetch.gap);
                       }},
                      {"percentage", [&](const QJsonValue& member) {
                           return readPercentage(reader, member, prefetch.percentage);
                       }}});
}

bool readStaleMode(SettingReader& reader, const QJsonValue& value,
                   engine::CacheConfig::Stale::Mode& out) {
    using Mode = engine::CacheConfig::Stale::Mode;
    if (value != QLatin1String("verify") && value != QLatin1String("immediate"))
        return reader.fail(QStringLiteral("\"verify\" or \"immediate\" is expected"));
    out = value == QLatin1String("verify") ? Mode::Verify : Mode::Immediate;
    return true;
}

bool readStalePolicy(SettingReader& reader, const QJsonValue& value, bool& preferPositive) {
    if (value != QLatin1String("") && value != QLatin1String("prefer_positive"))
        return reader.fail(QStringLiteral("\"prefer_positive\" or \"\" is expected"));
    preferPositive = !value.toString().isEmpty();
    return true;
}

bool readServeStale(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    engine::CacheConfig::Stale& stale = out.cache.stale;
    return readTable(
        reader, value, QStringLiteral("{ enabled = true }"),
        {{"enabled",
          [&](const QJsonValue& member) { return readBool(reader, member, stale.enabled); }},
         {"for",
          [&](const QJsonValue& member) {
              return readWholeSeconds(reader, member, seconds(1), hours(72), stale.keep);
          }},
         {"mode",
          [&](const QJsonValue& member) { return readStaleMode(reader, member, stale.mode); }},
         {"timeout",
          [&](const QJsonValue& member) {
              return readDuration(reader, member, seconds(0), seconds(4), stale.verifyTimeout);
          }},
         {"ttl",
          [&](const QJsonValue& member) {
              return readWholeSeconds(reader, member, seconds(1), seconds(30), stale.answerTtl);
          }},
         {"recheck",
          [&](const QJsonValue& member) {
              return readWholeSeconds(reader, member, seconds(0), minutes(5), stale.recheck);
          }},
         {"policy", [&](const QJsonValue& member) {
              return readStalePolicy(reader, member, stale.preferPositive);
          }}});
}

bool readKeepTtl(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readBool(reader, value, out.cache.keepTtl);
}

bool readSnapshot(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readBool(reader, value, out.cacheSnapshot);
}

QJsonValue text(const char* value) {
    return QLatin1String(value);
}

QJsonValue no() {
    return false;
}

QJsonValue defaultPrefetch() {
    return QJsonObject{{QStringLiteral("amount"), 0},
                       {QStringLiteral("duration"), text("1m")},
                       {QStringLiteral("percentage"), 10}};
}

QJsonValue defaultServeStale() {
    return QJsonObject{
        {QStringLiteral("enabled"), false},       {QStringLiteral("for"), text("1h")},
        {QStringLiteral("mode"), text("verify")}, {QStringLiteral("timeout"), text("1800ms")},
        {QStringLiteral("ttl"), text("30s")},     {QStringLiteral("recheck"), text("5s")},
        {QStringLiteral("policy"), text("")}};
}

std::optional<Contradiction> floorAboveCap(const char* group, seconds floor, seconds cap) {
    if (floor <= cap)
        return std::nullopt;
    const QString prefix = QStringLiteral("cache.%1.").arg(QLatin1String(group));
    Contradiction found{prefix + QLatin1String("min_ttl"), prefix + QLatin1String("ttl"), {}};
    found.reason = QStringLiteral("%1 is longer than %2 (%3)")
                       .arg(durationText(floor), found.other, durationText(cap));
    return found;
}

} // namespace

const std::vector<SettingKey>& cacheKeys() {
    static const std::vector<SettingKey> keys{
        {"cache.size", [] { return text("32MiB"); }, readSize},
        {"cache.zones", [] { return QJsonValue(QJsonArray{}); }, readCacheZones},
        {"cache.success.ttl", [] { return text("1h"); }, readSuccessTtl},
        {"cache.success.min_ttl", [] { return text("0s"); }, readSuccessMinTtl},
        {"cache.denial.ttl", [] { return text("30m"); }, readDenialTtl},
        {"cache.denial.min_ttl", [] { return text("0s"); }, readDenialMinTtl},
        {"cache.servfail", [] { return text("5s"); }, readServfail},
        {"cache.disable.success", no, readDisableSuccess},
        {"cache.disable.denial", no, readDisableDenial},
        {"cache.prefetch", defaultPrefetch, readPrefetch},
        {"cache.serve_stale", defaultServeStale, readServeStale},
        {"cache.keepttl", no, readKeepTtl},
        {"cache.snapshot", no, readSnapshot},
    };
    return keys;
}

QString reasonAgainstKey(const QString& name) {
    if (name == QLatin1String("cache.success.capacity") ||
        name == QLatin1String("cache.denial.capacity"))
        return QStringLiteral("there is no such setting; one bound in bytes holds for all answers: "
                              "cache.size");
    if (name == QLatin1String("cache.ttl"))
        return QStringLiteral("there is no such setting; set cache.success.ttl and "
                              "cache.denial.ttl");
    if (name == QLatin1String("cache.serve_stale_policy"))
        return QStringLiteral("there is no such setting; set \"policy\" in cache.serve_stale");
    return {};
}

std::optional<Contradiction> contradictionIn(const EffectiveSettings& settings) {
    const engine::CacheConfig& cache = settings.cache;
    if (auto found = floorAboveCap("success", cache.positiveTtlFloor, cache.positiveTtlCap))
        return found;
    return floorAboveCap("denial", cache.negativeTtlFloor, cache.negativeTtlCap);
}

} // namespace sotto::service
