// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"
#include "service/settings/setting_reader.h"
#include "service/settings/settings_document.h"

#include <QMap>

#include <memory>

namespace sotto::service {

/// What one source sets: checked values by dotted key, in the notation in which they were written.
struct SettingsLayer {
    QMap<QString, QJsonValue> values;
    /// Contents of the certificate and key files that the values name, by path.
    QHash<QString, QString> files;
    /// What was set, but has no effect: "forward.force_tcp has no effect: …".
    QStringList idle;
    /// The list that "provider_list" names; nothing for the shipped one.
    std::shared_ptr<const ProviderCatalog> providerList;
    /// Where each value stood in its document; nothing for what comes from none.
    QHash<QString, Position> positions;
    /// Whether forwarding is on; only the app's layer may say.
    std::optional<bool> enabled;

    /// Whether both set the same, wherever it stood.
    bool operator==(const SettingsLayer& other) const {
        return values == other.values && files == other.files && idle == other.idle &&
               providerList == other.providerList && enabled == other.enabled;
    }
};

/// Checks the values of a document. The error carries key and position, not the file.
/// Files are named in the result, but not read here.
[[nodiscard]] std::optional<SettingsError> readLayer(const SettingsDocument& document,
                                                     SettingSource source,
                                                     const ProviderCatalog& catalog,
                                                     SettingsLayer& layer);

/// Checks values by dotted key, as settings.set gives them.
[[nodiscard]] std::optional<SettingsError>
checkLayer(const SettingsLayer& layer, SettingSource source, const ProviderCatalog& catalog);

/// The place of a key path, or of what encloses it.
Position positionOf(const QHash<QString, Position>& positions, QString path);
/// The same in a layer; none where it does not set this key, or came from no document.
Position positionIn(const SettingsLayer& layer, const QString& key);

/// All layers together: what is in force, and where each value comes from.
struct MergedSettings {
    EffectiveSettings effective;
    QList<protocol::Setting> settings;
    QStringList fromFile; ///< keys that the file decides
    QStringList fromApp;
    QStringList notices;
    QMap<QString, QJsonValue> values; ///< what is in force, by dotted key
    /// Contents of the certificate and key files that the values name, by path.
    QMap<QString, QString> files;
    QByteArray providerListText; ///< the list that the file names; empty for the shipped one

    /// Whether the addresses to listen on are the default ones, which nobody chose.
    bool hasUsualListen() const {
        return !fromFile.contains(kListenKey) && !fromApp.contains(kListenKey);
    }
};

/// Takes providers that the list lacks out of a layer; gives their ids.
QStringList dropUnknownProviders(SettingsLayer& layer, const ProviderCatalog& catalog);

/// Lays the file's layer over the app's layer over the defaults. "providers" and "upstreams" are
/// one decision: the highest layer that sets either masks both of the lower layers. The catalog is
/// the shipped one; the file's own takes its place. Providers that the app chose and that the list
/// lacks are passed over, with a notice.
[[nodiscard]] std::optional<SettingsError>
mergeLayers(const SettingsLayer& file, const QString& fileName, const SettingsLayer& app,
            const ProviderCatalog& shipped, MergedSettings& merged);

} // namespace sotto::service
