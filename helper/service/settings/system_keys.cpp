// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/system_keys.h"

#include "service/settings/setting_text.h"
#include "service/settings/setting_values.h"

namespace sotto::service {

namespace {

bool readChoice(SettingReader& reader, const QJsonValue& value, const QStringList& choices,
                QString& out) {
    const QString text = value.toString();
    if (value.isString() && choices.contains(text)) {
        out = text;
        return true;
    }
    return reader.fail(QStringLiteral("one of %1 is expected%2")
                           .arg(choices.join(QLatin1String(", ")), didYouMean(text, choices)));
}

bool readManage(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    return readBool(reader, value, out.system.manage);
}

bool readMechanism(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    static const QStringList kMechanisms{QStringLiteral("auto"), QStringLiteral("systemd-resolved"),
                                         QStringLiteral("networkmanager"),
                                         QStringLiteral("resolvconf"), QStringLiteral("file")};
    return readChoice(reader, value, kMechanisms, out.system.mechanism);
}

bool readWhenLost(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out) {
    static const QString kClosed = QStringLiteral("closed");
    QString chosen;
    if (!readChoice(reader, value, {QStringLiteral("open"), kClosed}, chosen))
        return false;
    out.system.keepClosed = chosen == kClosed;
    return true;
}

} // namespace

const std::vector<SettingKey>& systemKeys() {
    static const std::vector<SettingKey> keys{
        {"system.manage", [] { return QJsonValue(false); }, readManage},
        {"system.mechanism", [] { return textValue("auto"); }, readMechanism},
        {"system.when_lost", [] { return textValue("open"); }, readWhenLost},
    };
    return keys;
}

} // namespace sotto::service
