// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/setting_reader.h"

#include "service/settings/certificate_text.h"
#include "service/settings/host_name.h"
#include "service/settings/setting_values.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxPins = 16;
constexpr qsizetype kMaxPemText = 128 * 1024; ///< over the socket
constexpr qsizetype kSha256Octets = 32;

using Config = engine::UpstreamConfig;

QString whyNoUpstream(const QString& text, const engine::Error& error) {
    if (text.startsWith(QLatin1String("https://")))
        return QStringLiteral("DNS over HTTPS is not spoken here; write tls://ADDRESS%NAME");
    if (text.startsWith(QLatin1Char('/')))
        return QStringLiteral("a file of servers is not read: they would be asked in clear text");
    bool isNumber = false;
    const uint port = text.section(QLatin1Char(':'), -1).toUInt(&isNumber);
    if (isNumber && port > 65535)
        return QStringLiteral("a port from 1 to 65535 is expected");
    return QString::fromStdString(error.message());
}

bool readAddress(const QJsonValue& value, engine::IpAddress& out) {
    const auto address = engine::IpAddress::parse(value.toString().toStdString());
    if (address)
        out = *address;
    return address.has_value();
}

const QString kAddressExpected =
    QStringLiteral("an IPv4 or IPv6 address without port and brackets is expected");

bool readOneAddress(SettingReader& reader, const QJsonValue& value, Config& out) {
    engine::IpAddress address;
    if (!readAddress(value, address))
        return reader.fail(kAddressExpected);
    out.addresses = {address};
    return true;
}

bool readAddresses(SettingReader& reader, const QJsonValue& value, Config& out) {
    const QJsonArray array = value.toArray();
    if (array.isEmpty() || array.size() > static_cast<qsizetype>(Config::kMaxAddresses))
        return reader.fail(
            QStringLiteral("an array of 1 to %1 addresses is expected").arg(Config::kMaxAddresses));
    out.addresses.clear();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = elementPath(reader.path, i);
        engine::IpAddress address;
        if (!readAddress(array[i], address))
            return reader.fail(path, kAddressExpected);
        if (std::ranges::find(out.addresses, address) != out.addresses.end())
            return reader.fail(path, QStringLiteral("%1 is listed twice").arg(array[i].toString()));
        out.addresses.push_back(address);
    }
    return true;
}

bool readPort(SettingReader& reader, const QJsonValue& value, Config& out) {
    const qint64 port = value.toInteger(0);
    if (!value.isDouble() || port < 1 || port > 65535)
        return reader.fail(QStringLiteral("a port from 1 to 65535 is expected"));
    out.port = static_cast<std::uint16_t>(port);
    return true;
}

bool readName(SettingReader& reader, const QJsonValue& value, Config& out) {
    QString text;
    if (!readText(reader, value, text))
        return false;
    if (!isHostName(text))
        return reader.fail(QStringLiteral("a host name such as \"dns.example\" is expected"));
    out.tlsName = text.toLower().toStdString();
    return true;
}

/// A member with PEM text, given as such or as the path of a file.
struct PemMember {
    bool (*check)(const QByteArray& pem, QString& why);
    std::string Config::*place;
    const char* textName; ///< of the member that holds the text
};
constexpr PemMember kAuthorities{checkCertificateText, &Config::caPem, "ca"};
constexpr PemMember kCertificate{checkCertificateText, &Config::clientCertificatePem, "cert"};
constexpr PemMember kKey{checkKeyText, &Config::clientKeyPem, "key"};

bool takePem(SettingReader& reader, const QString& pem, const PemMember& member, Config& out) {
    QString why;
    if (!member.check(pem.toUtf8(), why))
        return reader.fail(why);
    out.*member.place = pem.toStdString();
    return true;
}

bool readPemText(SettingReader& reader, const QJsonValue& value, const PemMember& member,
                 Config& out) {
    QString pem;
    if (!readText(reader, value, pem))
        return false;
    if (reader.source == SettingSource::App && pem.size() > kMaxPemText)
        return reader.fail(QStringLiteral("more than 128 KiB"));
    return takePem(reader, pem, member, out);
}

bool readPemFile(SettingReader& reader, const QJsonValue& value, const PemMember& member,
                 Config& out) {
    QString path;
    if (!readText(reader, value, path))
        return false;
    const bool isKept = reader.source == SettingSource::Kept && reader.files.contains(path);
    if (reader.source != SettingSource::Administrator && !isKept)
        return reader.fail(QStringLiteral("only the administrator's file may name files; give the "
                                          "content itself as \"%1\"")
                               .arg(QLatin1String(member.textName)));
    if (!path.startsWith(QLatin1Char('/')))
        return reader.fail(QStringLiteral("an absolute path is expected"));
    const auto content = reader.files.constFind(path);
    return content == reader.files.constEnd() || takePem(reader, *content, member, out);
}

bool readPins(SettingReader& reader, const QJsonValue& value, Config& out) {
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
            return reader.fail(elementPath(listPath, i),
                               QStringLiteral("\"sha256/\" and 32 octets in Base64 are expected"));
        out.pins.push_back(pin.toStdString());
    }
    return true;
}

/// A private key is kept, but never given back: true stands for it (see kept_keys.h).
bool readKey(SettingReader& reader, const QJsonValue& value, Config& out) {
    if (value.isBool())
        return reader.fail(QStringLiteral("no key is kept for this certificate; give its text"));
    return readPemText(reader, value, kKey, out);
}

/// What the members of a table need of each other.
bool checkTogether(SettingReader& reader, const QJsonObject& table, const Config& out) {
    const auto has = [&](const char* name) { return table.contains(QLatin1String(name)); };
    const auto either = [](const char* one, const char* other) {
        return QStringLiteral("either \"%1\" or \"%2\", not both")
            .arg(QLatin1String(one), QLatin1String(other));
    };
    for (const auto& [one, other] :
         {std::pair{"address", "addresses"}, std::pair{"ca", "ca_file"},
          std::pair{"cert", "cert_file"}, std::pair{"key", "key_file"}}) {
        if (has(one) && has(other))
            return reader.fail(either(one, other));
    }
    if (!has("address") && !has("addresses") && !has("name"))
        return reader.fail(QStringLiteral("\"address\" is missing, or a \"name\" to look up"));
    const bool hasCertificate = has("cert") || has("cert_file");
    const bool hasKey = has("key") || has("key_file");
    if (hasCertificate != hasKey)
        return reader.fail(hasKey ? QStringLiteral("the key needs its certificate: \"cert\"")
                                  : QStringLiteral("the certificate needs its key: \"key\""));
    // Files are not read yet where FILE is looked at for the first time.
    const bool isKnown = !out.clientCertificatePem.empty() && !out.clientKeyPem.empty();
    if (isKnown && !isKeyOfCertificate(QByteArray::fromStdString(out.clientKeyPem),
                                       QByteArray::fromStdString(out.clientCertificatePem)))
        return reader.fail(QStringLiteral("the key does not belong to the certificate"));
    return true;
}

bool readUpstreamTable(SettingReader& reader, const QJsonValue& value, Config& out) {
    const auto pem = [&](const PemMember& member) {
        return [&reader, &out, &member](const QJsonValue& content) {
            return readPemText(reader, content, member, out);
        };
    };
    const auto file = [&](const PemMember& member) {
        return [&reader, &out, &member](const QJsonValue& content) {
            return readPemFile(reader, content, member, out);
        };
    };
    const auto plain = [&](bool (*read)(SettingReader&, const QJsonValue&, Config&)) {
        return
            [&reader, &out, read](const QJsonValue& content) { return read(reader, content, out); };
    };
    return readTable(reader, value, QStringLiteral("{ address = \"192.0.2.1\" }"),
                     {{"address", plain(readOneAddress)},
                      {"addresses", plain(readAddresses)},
                      {"port", plain(readPort)},
                      {"name", plain(readName)},
                      {"ca", pem(kAuthorities)},
                      {"ca_file", file(kAuthorities)},
                      {"cert", pem(kCertificate)},
                      {"cert_file", file(kCertificate)},
                      {"key", plain(readKey)},
                      {"key_file", file(kKey)},
                      {"pins", plain(readPins)}}) &&
           checkTogether(reader, value.toObject(), out);
}

bool readUpstreamText(SettingReader& reader, const QString& text, UpstreamUse use, Config& out) {
    auto parsed = Config::parse(text.toStdString());
    if (!parsed)
        return reader.fail(whyNoUpstream(text, parsed.error()));
    out = parsed.take();
    if (!out.isEncrypted() && use != UpstreamUse::Route)
        return reader.fail(QStringLiteral("this server would be asked in clear text, which only a "
                                          "[[route]] may do for the names of its zones; write "
                                          "tls://ADDRESS"));
    if (!out.tlsName.empty() && !isHostName(QString::fromStdString(out.tlsName)))
        return reader.fail(
            QStringLiteral("\"%1\" is not a host name").arg(QString::fromStdString(out.tlsName)));
    return true;
}

} // namespace

bool readUpstream(SettingReader& reader, const QJsonValue& value, UpstreamUse use,
                  engine::UpstreamConfig& out) {
    if (value.isObject()) {
        if (!readUpstreamTable(reader, value, out))
            return false;
    } else if (value.isString()) {
        if (!readUpstreamText(reader, value.toString(), use, out))
            return false;
    } else {
        return reader.fail(
            QStringLiteral("\"tls://ADDRESS[%NAME][:PORT]\" or a table is expected"));
    }
    if (out.label.empty())
        out.label = out.tlsName.empty() ? out.addresses.front().toString() : out.tlsName;
    return true;
}

} // namespace sotto::service
