// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/setting_reader.h"

#include "service/settings/certificate_text.h"
#include "service/settings/host_name.h"
#include "service/settings/setting_text.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxPins = 16;
constexpr qsizetype kMaxCertificateText = 128 * 1024; ///< over the socket
constexpr qsizetype kSha256Octets = 32;

/// A name in place of the address is the likely mistake; say how both are written.
QString whyNoUpstream(const QString& text, const engine::Error& error) {
    const QString scheme = QStringLiteral("tls://");
    const QString name = text.mid(scheme.size()).section(QLatin1Char(':'), 0, 0);
    const bool hasLetter = std::ranges::any_of(name, [](QChar c) { return c.isLetter(); });
    if (text.startsWith(scheme) && hasLetter && isHostName(name) &&
        text.count(QLatin1Char(':')) < 3)
        return QStringLiteral("an IP address is expected, with the name behind it if need be, such "
                              "as \"tls://1.1.1.1%%1\"")
            .arg(name);
    bool isNumber = false;
    const uint port = text.section(QLatin1Char(':'), -1).toUInt(&isNumber);
    if (isNumber && port > 65535)
        return QStringLiteral("a port from 1 to 65535 is expected");
    return QString::fromStdString(error.message());
}

bool readText(SettingReader& reader, const QJsonValue& value, QString& out) {
    if (!value.isString())
        return reader.fail(QStringLiteral("a string is expected"));
    out = value.toString();
    return true;
}

bool readAddress(SettingReader& reader, const QJsonValue& value, engine::UpstreamConfig& out) {
    QString text;
    if (!readText(reader, value, text))
        return false;
    const auto address = engine::IpAddress::parse(text.toStdString());
    if (!address)
        return reader.fail(
            QStringLiteral("an IPv4 or IPv6 address without port and brackets is expected"));
    out.addresses = {*address};
    return true;
}

bool readPort(SettingReader& reader, const QJsonValue& value, engine::UpstreamConfig& out) {
    const qint64 port = value.toInteger(0);
    if (!value.isDouble() || port < 1 || port > 65535)
        return reader.fail(QStringLiteral("a port from 1 to 65535 is expected"));
    out.port = static_cast<std::uint16_t>(port);
    return true;
}

bool readName(SettingReader& reader, const QJsonValue& value, engine::UpstreamConfig& out) {
    QString text;
    if (!readText(reader, value, text))
        return false;
    if (!isHostName(text))
        return reader.fail(QStringLiteral("a host name such as \"dns.example\" is expected"));
    out.tlsName = text.toLower().toStdString();
    return true;
}

bool readCertificates(SettingReader& reader, const QString& pem, engine::UpstreamConfig& out) {
    QString why;
    if (!checkCertificateText(pem.toUtf8(), why))
        return reader.fail(why);
    out.caPem = pem.toStdString();
    return true;
}

bool readCa(SettingReader& reader, const QJsonValue& value, engine::UpstreamConfig& out) {
    QString pem;
    if (!readText(reader, value, pem))
        return false;
    if (reader.source == SettingSource::App && pem.size() > kMaxCertificateText)
        return reader.fail(QStringLiteral("more than 128 KiB of certificates"));
    return readCertificates(reader, pem, out);
}

bool readCaFile(SettingReader& reader, const QJsonValue& value, engine::UpstreamConfig& out) {
    QString path;
    if (!readText(reader, value, path))
        return false;
    const bool isKept = reader.source == SettingSource::Kept && reader.certificates.contains(path);
    if (reader.source != SettingSource::Administrator && !isKept)
        return reader.fail(QStringLiteral("only the administrator's file may name files; give the "
                                          "certificates themselves as \"ca\""));
    if (!path.startsWith(QLatin1Char('/')))
        return reader.fail(QStringLiteral("an absolute path is expected"));
    const auto content = reader.certificates.constFind(path);
    return content == reader.certificates.constEnd() || readCertificates(reader, *content, out);
}

bool readPins(SettingReader& reader, const QJsonValue& value, engine::UpstreamConfig& out) {
    if (!value.isArray() || value.toArray().isEmpty() || value.toArray().size() > kMaxPins)
        return reader.fail(
            QStringLiteral("an array of 1 to %1 pins \"sha256/…\" is expected").arg(kMaxPins));
    const QString listPath = reader.path;
    const QJsonArray array = value.toArray();
    const QString prefix = QStringLiteral("sha256/");
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString pin = array[i].toString();
        const auto digest = QByteArray::fromBase64Encoding(
            pin.mid(prefix.size()).toLatin1(),
            QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
        if (!pin.startsWith(prefix) || !digest || digest.decoded.size() != kSha256Octets)
            return reader.fail(QStringLiteral("%1[%2]").arg(listPath).arg(i),
                               QStringLiteral("\"sha256/\" and 32 octets in Base64 are expected"));
        out.pins.push_back(pin.toStdString());
    }
    return true;
}

struct Member {
    const char* name;
    bool (*read)(SettingReader&, const QJsonValue&, engine::UpstreamConfig&);
};

constexpr Member kMembers[] = {
    {"address", readAddress}, {"port", readPort}, {"name", readName},
    {"ca_file", readCaFile},  {"ca", readCa},     {"pins", readPins},
};

bool readTable(SettingReader& reader, const QJsonObject& table, engine::UpstreamConfig& out) {
    const QString tablePath = reader.path;
    out.port = engine::UpstreamConfig::kTlsPort;
    for (auto it = table.begin(); it != table.end(); ++it) {
        reader.path = tablePath + QLatin1Char('.') + it.key();
        QStringList names;
        const Member* found = nullptr;
        for (const Member& member : kMembers) {
            names += QLatin1String(member.name);
            if (it.key() == QLatin1String(member.name))
                found = &member;
        }
        if (!found)
            return reader.fail(QStringLiteral("unknown key%1").arg(didYouMean(it.key(), names)));
        if (!found->read(reader, it.value(), out))
            return false;
    }
    reader.path = tablePath;
    if (!table.contains(QLatin1String("address")))
        return reader.fail(QStringLiteral("\"address\" is missing"));
    if (table.contains(QLatin1String("ca")) && table.contains(QLatin1String("ca_file")))
        return reader.fail(QStringLiteral("either \"ca\" or \"ca_file\", not both"));
    return true;
}

} // namespace

bool readUpstream(SettingReader& reader, const QJsonValue& value, engine::UpstreamConfig& out) {
    if (value.isObject()) {
        if (!readTable(reader, value.toObject(), out))
            return false;
    } else if (value.isString()) {
        auto parsed = engine::UpstreamConfig::parse(value.toString().toStdString());
        if (!parsed)
            return reader.fail(whyNoUpstream(value.toString(), parsed.error()));
        out = parsed.take();
        if (out.port == 0)
            return reader.fail(QStringLiteral("a port from 1 to 65535 is expected"));
        if (!out.tlsName.empty() && !isHostName(QString::fromStdString(out.tlsName)))
            return reader.fail(QStringLiteral("\"%1\" is not a host name")
                                   .arg(QString::fromStdString(out.tlsName)));
    } else {
        return reader.fail(
            QStringLiteral("\"tls://ADDRESS[%NAME][:PORT]\" or a table is expected"));
    }
    if (out.label.empty())
        out.label = out.tlsName.empty() ? out.addresses.front().toString() : out.tlsName;
    return true;
}

} // namespace sotto::service
