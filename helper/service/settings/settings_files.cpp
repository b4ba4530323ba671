// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/settings_files.h"

#include "service/settings/upstream_files.h"
#include "service/state/ordinary_file.h"
#include "service/state/private_file.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>

namespace sotto::service {

namespace {

constexpr qint64 kMaxFileBytes = 1024 * 1024;
/// Larger than FILE, for it holds the contents of the files that FILE names.
constexpr qint64 kMaxLastGoodBytes = 32 * kMaxFileBytes;
const QString kFromFile = QStringLiteral("from_file");
const QString kFromApp = QStringLiteral("from_app");
/// The contents of the list that the file named.
const QString kProviderListText = QStringLiteral("provider_list_text");
/// Tables with the path and the text of the certificate and key files that the file named.
const QString kCertificates = QStringLiteral("certificates");
const QString kPath = QStringLiteral("path");
const QString kText = QStringLiteral("text");
const QString kEnabled = QStringLiteral("enabled");

const QByteArray kAppHeader =
    "# Written by sottod: what was chosen in the app or with sottoctl.\n"
    "# The administrator's own settings belong in the file that sottod is started with.\n";
const QByteArray kLastGoodHeader =
    "# Written by sottod: the settings that took effect last.\n"
    "# They are used when the administrator's file is wrong at the start.\n";

std::optional<SettingsError> readDocument(const QString& path, SettingsDocument& document,
                                          qint64 limit = kMaxFileBytes) {
    QByteArray text;
    std::optional<SettingsError> error;
    if (QString why; !readOrdinaryFile(path, limit, text, why)) {
        error.emplace();
        error->reason = why;
    } else {
        error = readToml(text, document);
    }
    if (error)
        error->file = path;
    return error;
}

QJsonArray toArray(const QStringList& list) {
    return QJsonArray::fromStringList(list);
}

} // namespace

SettingsFiles::SettingsFiles(QString file, QString stateDirectory, const ProviderCatalog& catalog)
    : m_file(std::move(file))
    , m_stateDirectory(std::move(stateDirectory))
    , m_catalog(catalog) {}

QString SettingsFiles::appFile() const {
    return m_stateDirectory + QLatin1String("/settings.toml");
}

QString SettingsFiles::lastGoodFile() const {
    return m_stateDirectory + QLatin1String("/last-good.toml");
}

std::optional<SettingsError> SettingsFiles::readFile(SettingsLayer& layer) const {
    if (m_file.isEmpty())
        return std::nullopt;
    SettingsDocument document;
    SettingsLayer result;
    auto error = readDocument(m_file, document);
    if (!error)
        error = readProviderList(document, result);
    if (!error)
        error = readLayer(document, SettingSource::Administrator,
                          result.providerList ? *result.providerList : m_catalog, result);
    if (!error)
        error = readNamedFiles(document, result);
    if (error)
        error->file = m_file;
    else
        layer = std::move(result);
    return error;
}

std::optional<SettingsError> SettingsFiles::readProviderList(const SettingsDocument& document,
                                                             SettingsLayer& layer) const {
    const QString path = document.root.value(kProviderListKey).toString();
    if (!path.startsWith(QLatin1Char('/')))
        return std::nullopt; // none, or wrong as a value
    QByteArray json;
    QString why;
    auto list = std::make_shared<ProviderCatalog>();
    if (readOrdinaryFile(path, kMaxFileBytes, json, why) && list->read(json, why)) {
        layer.providerList = std::move(list);
        return std::nullopt;
    }
    SettingsError error;
    error.key = kProviderListKey;
    error.position = positionOf(document.positions, error.key);
    error.reason = path + QLatin1String(": ") + why;
    return error;
}

std::optional<SettingsError> SettingsFiles::readNamedFiles(const SettingsDocument& document,
                                                           SettingsLayer& layer) const {
    const auto named =
        filesNamedIn(layer.values.value(kUpstreamsKey), layer.values.value(kRouteKey));
    for (const UpstreamFile& file : named) {
        QByteArray content;
        QString why;
        if (!readOrdinaryFile(file.path, kMaxFileBytes, content, why) ||
            !file.check(content, why)) {
            SettingsError error;
            error.key = file.key;
            error.position = positionOf(document.positions, error.key);
            error.reason = file.path + QLatin1String(": ") + why;
            return error;
        }
        layer.files.insert(file.path, QString::fromLatin1(content));
    }
    if (named.empty())
        return std::nullopt;
    auto error = checkLayer(layer, SettingSource::Administrator,
                            layer.providerList ? *layer.providerList : m_catalog);
    if (error)
        error->position = positionOf(document.positions, error->key);
    return error;
}

std::optional<SettingsError> SettingsFiles::readApp(SettingsLayer& layer) const {
    if (!QFileInfo::exists(appFile()))
        return std::nullopt;
    SettingsDocument document;
    SettingsLayer result;
    auto error = readDocument(appFile(), document);
    if (!error)
        error = readLayer(document, SettingSource::Kept, m_catalog, result);
    if (error)
        error->file = appFile();
    else
        layer = std::move(result);
    return error;
}

QString SettingsFiles::setAppAside() const {
    QString aside = appFile() + QLatin1String(".bad");
    for (int number = 2; QFileInfo::exists(aside); ++number)
        aside = QStringLiteral("%1.bad%2").arg(appFile()).arg(number);
    return QFile::rename(appFile(), aside) ? aside : QString();
}

bool SettingsFiles::writeApp(const SettingsLayer& layer, QString& why) const {
    auto values = layer.values;
    if (layer.enabled)
        values.insert(kEnabled, *layer.enabled);
    return writePrivateFile(appFile(), kAppHeader + tomlText(values), why);
}

bool SettingsFiles::readLastGood(SettingsLayer& file, SettingsLayer& app) const {
    SettingsDocument document;
    if (readDocument(lastGoodFile(), document, kMaxLastGoodBytes))
        return false;
    const QJsonArray fromFile = document.root.take(kFromFile).toArray();
    const QJsonArray fromApp = document.root.take(kFromApp).toArray();
    const QJsonValue listPath = document.root.take(kProviderListKey);
    const QByteArray listText = document.root.take(kProviderListText).toString().toUtf8();
    const QJsonArray certificates = document.root.take(kCertificates).toArray();
    SettingsLayer all;
    for (const QJsonValue& entry : certificates)
        all.files.insert(entry[kPath].toString(), entry[kText].toString());
    if (readLayer(document, SettingSource::Kept, m_catalog, all))
        return false;
    SettingsLayer fileLayer;
    fileLayer.files = all.files;
    if (!listText.isEmpty()) {
        auto list = std::make_shared<ProviderCatalog>();
        if (QString why; !list->read(listText, why))
            return false;
        fileLayer.providerList = std::move(list);
        fileLayer.values.insert(kProviderListKey, listPath);
    }
    SettingsLayer appLayer;
    for (auto it = all.values.begin(); it != all.values.end(); ++it) {
        if (fromFile.contains(it.key()))
            fileLayer.values.insert(it.key(), it.value());
        else if (fromApp.contains(it.key()))
            appLayer.values.insert(it.key(), it.value());
    }
    appLayer.enabled = all.enabled;
    dropUnknownProviders(fileLayer, fileLayer.providerList ? *fileLayer.providerList : m_catalog);
    file = std::move(fileLayer);
    app = std::move(appLayer);
    return true;
}

bool SettingsFiles::writeLastGood(const MergedSettings& merged, QString& why) {
    auto values = merged.values;
    values.insert(kEnabled, merged.effective.enabled);
    if (!merged.providerListText.isEmpty())
        values.insert(kProviderListText, QString::fromUtf8(merged.providerListText));
    QJsonArray certificates;
    for (auto it = merged.files.begin(); it != merged.files.end(); ++it)
        certificates.append(QJsonObject{{kPath, it.key()}, {kText, it.value()}});
    if (!certificates.isEmpty())
        values.insert(kCertificates, certificates);
    values.insert(kFromFile, toArray(merged.fromFile));
    values.insert(kFromApp, toArray(merged.fromApp));
    const QByteArray text = kLastGoodHeader + tomlText(values);
    if (text == m_lastGood)
        return true;
    if (text.size() > kMaxLastGoodBytes) {
        why = QStringLiteral("they are larger than %1 MiB").arg(kMaxLastGoodBytes / kMaxFileBytes);
        return false;
    }
    if (!writePrivateFile(lastGoodFile(), text, why))
        return false;
    m_lastGood = text;
    return true;
}

} // namespace sotto::service
