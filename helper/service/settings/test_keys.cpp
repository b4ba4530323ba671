// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/test_keys.h"

#include "service/settings/setting_values.h"
#include "service/settings/zone_name.h"

namespace sotto::service {

namespace {

/// A name, or nothing for what is not to be tried.
bool readTestName(SettingReader& reader, const QJsonValue& value, std::string& out) {
    QString text;
    if (!readText(reader, value, text))
        return false;
    out.clear();
    if (text.isEmpty())
        return true;
    QString why;
    const auto name = zoneFromText(text, why);
    if (!name)
        return reader.fail(why);
    out = *name;
    return true;
}

bool readPlain(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readTestName(reader, value, out.testNames.plain);
}

bool readSignedGood(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readTestName(reader, value, out.testNames.signedGood);
}

bool readSignedBad(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readTestName(reader, value, out.testNames.signedBad);
}

bool readFiltered(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readTestName(reader, value, out.testNames.filtered);
}

} // namespace

const std::vector<SettingKey>& testKeys() {
    static const std::vector<SettingKey> keys{
        {"test.plain", [] { return textValue("example.com"); }, readPlain},
        {"test.signed_good", [] { return textValue("isc.org"); }, readSignedGood},
        {"test.signed_bad", [] { return textValue("dnssec-failed.org"); }, readSignedBad},
        {"test.filtered", [] { return textValue("doubleclick.net"); }, readFiltered},
    };
    return keys;
}

} // namespace sotto::service
