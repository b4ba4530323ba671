// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "printable.h"
#include "settling.h"
#include "system_text.h"
#include "table.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace sotto::cli {

namespace {

bool accepts(const QStringList& arguments) {
    if (arguments.isEmpty())
        return true;
    return (arguments.first() == QLatin1String("set") && arguments.size() == 3) ||
           (arguments.first() == QLatin1String("unset") && arguments.size() == 2);
}

/// A value as it is typed: JSON where it is JSON, else the text itself.
QJsonValue valueOf(const QString& text) {
    QJsonParseError error{};
    const QByteArray wrapped = '[' + text.toUtf8() + ']';
    const QJsonArray array = QJsonDocument::fromJson(wrapped, &error).array();
    return error.error == QJsonParseError::NoError && array.size() == 1 ? array.first()
                                                                        : QJsonValue(text);
}

QString certificatesText(qsizetype count) {
    return count == 1 ? QObject::tr("1 certificate") : QObject::tr("%1 certificates").arg(count);
}

/// The value with its certificates counted in place of their text, at any depth.
QJsonValue withoutCertificates(const QJsonValue& value) {
    const QString begin = QStringLiteral("-----BEGIN CERTIFICATE-----");
    if (value.isString()) {
        const qsizetype count = value.toString().count(begin);
        return count > 0 ? QJsonValue(certificatesText(count)) : value;
    }
    if (value.isArray()) {
        QJsonArray result;
        const QJsonArray array = value.toArray();
        for (const QJsonValue& item : array)
            result.append(withoutCertificates(item));
        return result;
    }
    if (!value.isObject())
        return value;
    QJsonObject result;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        result.insert(it.key(), withoutCertificates(it.value()));
    return result;
}

QString shown(const QJsonValue& value) {
    if (value.isString())
        return value.toString();
    const QByteArray wrapped = asciiJson(QJsonArray{withoutCertificates(value)});
    return QString::fromLatin1(wrapped.mid(1, wrapped.size() - 2));
}

/// key: the only one to show; all where it is empty.
void show(Session& session, const protocol::Settings& settings, const QString& key = {}) {
    if (session.json()) {
        session.printJson(protocol::toJson(settings));
        return;
    }
    Table table({QObject::tr("KEY"), QObject::tr("SET BY"), QObject::tr("VALUE")});
    for (const protocol::Setting& setting : settings.settings) {
        if (key.isEmpty() || setting.key == key)
            table.addRow({setting.key, setting.origin, shown(setting.value)});
    }
    session.print(table.text());
}

/// Whether the system's DNS is set anew where that key changes.
bool concernsSystem(const QString& key) {
    return key.startsWith(QLatin1String("system.")) || key == QLatin1String("listen");
}

/// The change is in force and kept; the system's DNS follows it, or does not.
ExitCode followChange(Session& session) {
    auto status = session.call<protocol::GetStatus>({});
    if (!status)
        return session.failure();
    const ExitCode code = settle(session, *status, status->enabled && !status->pausedUntil);
    if (code == Done && !session.json() &&
        status->systemDns.state != protocol::SystemDnsState::ByHand)
        session.print(
            QObject::tr("System DNS: %1.\n").arg(printable(systemStateText(status->systemDns))));
    else if (code == Refused)
        Session::complain(QObject::tr("The setting is changed nevertheless."));
    return code;
}

ExitCode settings(Session& session, const QStringList& arguments) {
    if (arguments.isEmpty()) {
        const auto current = session.call<protocol::GetSettings>({});
        if (!current)
            return session.failure();
        show(session, *current);
        return Done;
    }
    const bool isSet = arguments.first() == QLatin1String("set");
    protocol::SettingsChange change;
    change.values.insert(arguments[1], isSet ? valueOf(arguments[2]) : QJsonValue());
    const auto changed = session.call<protocol::SetSettings>(change);
    if (!changed)
        return session.failure();
    show(session, *changed, arguments[1]);
    return concernsSystem(arguments[1]) ? followChange(session) : Done;
}

} // namespace

std::vector<Command> settingCommands() {
    return {
        {"settings", "[set KEY VALUE | unset KEY]", "Show or change settings",
         "Shows every setting, its value and who set it: default, app (set with sottoctl or in\n"
         "the app) or the administrator's file. \"set\" changes one, \"unset\" returns one to its\n"
         "default. VALUE is JSON, e.g. '[\"127.0.0.1:5300\"]', or plain text, e.g. 64MiB. What "
         "the\n"
         "administrator's file sets cannot be changed here. Where a change concerns the system's\n"
         "DNS, that is waited for as with \"enable\". Needs root or the service's own user.",
         accepts, settings},
    };
}

} // namespace sotto::cli
