// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/setting_values.h"

#include "service/settings/setting_text.h"
#include "service/settings/zone_name.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace sotto::service {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr qsizetype kMaxZones = 256;

} // namespace

bool readBool(SettingReader& reader, const QJsonValue& value, bool& out) {
    if (!value.isBool())
        return reader.fail(QStringLiteral("true or false is expected"));
    out = value.toBool();
    return true;
}

bool readWholeNumber(SettingReader& reader, const QJsonValue& value, qint64 least, qint64 most,
                     qint64& out) {
    const qint64 number = value.toInteger(least - 1);
    if (!value.isDouble() || number < least || number > most)
        return reader.fail(
            QStringLiteral("a whole number from %1 to %2 is expected").arg(least).arg(most));
    out = number;
    return true;
}

bool readCount(SettingReader& reader, const QJsonValue& value, unsigned least, unsigned most,
               unsigned& out) {
    qint64 count = 0;
    if (!readWholeNumber(reader, value, least, most, count))
        return false;
    out = static_cast<unsigned>(count);
    return true;
}

bool readDuration(SettingReader& reader, const QJsonValue& value, milliseconds least,
                  milliseconds most, milliseconds& out) {
    const auto duration =
        value.isString() ? durationFromText(value.toString()) : std::optional<milliseconds>{};
    if (!duration)
        return reader.fail(QStringLiteral("a duration such as \"30s\", \"5m\" or \"1h\" is "
                                          "expected, from %1 to %2")
                               .arg(durationText(least), durationText(most)));
    if (*duration < least || *duration > most)
        return reader.fail(QStringLiteral("a duration from %1 to %2 is expected")
                               .arg(durationText(least), durationText(most)));
    out = *duration;
    return true;
}

bool readWholeSeconds(SettingReader& reader, const QJsonValue& value, seconds least, seconds most,
                      seconds& out) {
    milliseconds duration{};
    if (!readDuration(reader, value, least, most, duration))
        return false;
    if (duration % seconds(1) != milliseconds(0))
        return reader.fail(QStringLiteral("whole seconds are expected"));
    out = std::chrono::duration_cast<seconds>(duration);
    return true;
}

bool readPercentage(SettingReader& reader, const QJsonValue& value, unsigned least, unsigned most,
                    unsigned& out) {
    QJsonValue number = value;
    if (const QString text = value.toString(); text.endsWith(QLatin1Char('%'))) {
        bool ok = false;
        if (const int percent = text.chopped(1).toInt(&ok); ok)
            number = percent;
    }
    return readCount(reader, number, least, most, out);
}

bool readText(SettingReader& reader, const QJsonValue& value, QString& out) {
    if (!value.isString())
        return reader.fail(QStringLiteral("a string is expected"));
    out = value.toString();
    return true;
}

bool readPolicy(SettingReader& reader, const QJsonValue& value, engine::Policy& out) {
    if (!value.isString())
        return reader.fail(QStringLiteral("the name of a policy is expected"));
    const QString name = value.toString();
    QStringList names;
    for (const auto policy :
         {engine::Policy::Sequential, engine::Policy::RoundRobin, engine::Policy::Random,
          engine::Policy::Fastest, engine::Policy::Race, engine::Policy::Hashed}) {
        if (name == policyText(policy)) {
            out = policy;
            return true;
        }
        names += policyText(policy);
    }
    return reader.fail(QStringLiteral("there is no policy \"%1\"%2; possible are %3")
                           .arg(name, didYouMean(name, names), names.join(QLatin1String(", "))));
}

bool readNonEmptyArray(SettingReader& reader, const QJsonValue& value, const QString& what) {
    if (!value.isArray())
        return reader.fail(QStringLiteral("an array of %1 is expected").arg(what));
    if (value.toArray().isEmpty())
        return reader.fail(QStringLiteral("at least one of the %1 is needed").arg(what));
    return true;
}

bool readList(SettingReader& reader, const QJsonValue& value, const ListKind& kind,
              const std::function<bool(const QJsonValue& element)>& read) {
    const QLatin1String what(kind.what);
    if (!value.isArray())
        return reader.fail(QStringLiteral("an array of %1 such as \"%2\" is expected")
                               .arg(what, QLatin1String(kind.example)));
    const QJsonArray array = value.toArray();
    if (array.size() > kind.most)
        return reader.fail(QStringLiteral("at most %1 %2 are possible").arg(kind.most).arg(what));
    const QString listPath = reader.path;
    for (qsizetype i = 0; i < array.size(); ++i) {
        reader.path = elementPath(listPath, i);
        if (!read(array[i]))
            return false;
    }
    reader.path = listPath;
    return true;
}

bool readZones(SettingReader& reader, const QJsonValue& value, std::vector<std::string>& out) {
    std::vector<std::string> zones;
    const auto add = [&](const QJsonValue& element) {
        if (!element.isString())
            return reader.fail(QStringLiteral("a zone such as \"example.com\" is expected"));
        QString why;
        const auto zone = zoneFromText(element.toString(), why);
        if (!zone)
            return reader.fail(why);
        return appendOnce(reader, zones, *zone, QString::fromStdString(*zone));
    };
    if (!readList(reader, value, {"zones", "example.com", kMaxZones}, add))
        return false;
    out = std::move(zones);
    return true;
}

QJsonValue textValue(const char* text) {
    return QLatin1String(text);
}

QString elementPath(const QString& path, qsizetype index) {
    return QStringLiteral("%1[%2]").arg(path).arg(index);
}

bool readTable(SettingReader& reader, const QJsonValue& value, const QString& example,
               const std::vector<TableMember>& members) {
    if (!value.isObject())
        return reader.fail(QStringLiteral("a table such as %1 is expected").arg(example));
    const QString tablePath = reader.path;
    const QJsonObject table = value.toObject();
    for (auto it = table.begin(); it != table.end(); ++it) {
        reader.path = tablePath + QLatin1Char('.') + it.key();
        const auto member = std::ranges::find_if(members, [&](const TableMember& candidate) {
            return it.key() == QLatin1String(candidate.name);
        });
        if (member == members.end()) {
            QStringList names;
            for (const TableMember& candidate : members)
                names += QLatin1String(candidate.name);
            return reader.fail(QStringLiteral("unknown key%1").arg(didYouMean(it.key(), names)));
        }
        if (!member->read(it.value()))
            return false;
    }
    reader.path = tablePath;
    return true;
}

} // namespace sotto::service
