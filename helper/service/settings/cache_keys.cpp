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
constexpr unsigned kMostHits = 255;    ///< as far as the engine counts
constexpr unsigned kHighestPercentage = 90;

bool readSize(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    std::optional<quint64> size;
    if (value.isString())
        size = sizeFromText(value.toString());
    else if (value.isDouble() && value.toInteger(-1) >= 0)
        size = static_cast<quint64>(value.toInteger());
    if (!size)
        return reader.fail(
            QStringLiteral("a size such as \"32MiB\" is expected, from 1MiB to 4GiB"));
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

bool readPrefetch(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    engine::CacheConfig::Prefetch& prefetch = out.cache.prefetch;
    return readTable(
        reader, value, QStringLiteral("{ amount = 10 }"),
        {{"amount",
          [&](const QJsonValue& member) {
              return readCount(reader, member, 0, kMostHits, prefetch.hits);
          }},
         {"duration",
          [&](const QJsonValue& member) {
              return readWholeSeconds(reader, member, seconds(1), hours(24), prefetch.gap);
          }},
         {"percentage", [&](const QJsonValue& member) {
              return readPercentage(reader, member, 1, kHighestPercentage, prefetch.percentage);
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

QJsonValue no() {
    return false;
}

QJsonValue defaultPrefetch() {
    return QJsonObject{{QStringLiteral("amount"), 0},
                       {QStringLiteral("duration"), textValue("1m")},
                       {QStringLiteral("percentage"), 10}};
}

QJsonValue defaultServeStale() {
    return QJsonObject{{QStringLiteral("enabled"), false},
                       {QStringLiteral("for"), textValue("1h")},
                       {QStringLiteral("mode"), textValue("verify")},
                       {QStringLiteral("timeout"), textValue("1800ms")},
                       {QStringLiteral("ttl"), textValue("30s")},
                       {QStringLiteral("recheck"), textValue("5s")},
                       {QStringLiteral("policy"), textValue("")}};
}

} // namespace

const std::vector<SettingKey>& cacheKeys() {
    static const std::vector<SettingKey> keys{
        {"cache.size", [] { return textValue("32MiB"); }, readSize},
        {"cache.zones", [] { return QJsonValue(QJsonArray{}); }, readCacheZones},
        {"cache.success.ttl", [] { return textValue("1h"); }, readSuccessTtl},
        {"cache.success.min_ttl", [] { return textValue("0s"); }, readSuccessMinTtl},
        {"cache.denial.ttl", [] { return textValue("30m"); }, readDenialTtl},
        {"cache.denial.min_ttl", [] { return textValue("0s"); }, readDenialMinTtl},
        {"cache.servfail", [] { return textValue("5s"); }, readServfail},
        {"cache.disable.success", no, readDisableSuccess},
        {"cache.disable.denial", no, readDisableDenial},
        {"cache.prefetch", defaultPrefetch, readPrefetch},
        {"cache.serve_stale", defaultServeStale, readServeStale},
        {"cache.keepttl", no, readKeepTtl},
        {"cache.snapshot", no, readSnapshot},
    };
    return keys;
}

} // namespace sotto::service
