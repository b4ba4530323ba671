// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/settings_layer.h"

namespace sotto::service {

/// The files that hold settings: the administrator's FILE, which is only read, and in the state
/// directory settings.toml (what the app sets) and last-good.toml (what last took effect).
class SettingsFiles {
public:
    /// An empty file name stands for no administrator's file.
    SettingsFiles(QString file, QString stateDirectory, const ProviderCatalog& catalog);

    const QString& file() const { return m_file; }

    /// Reads FILE and the files that it names: certificates, keys and a list of providers.
    [[nodiscard]] std::optional<SettingsError> readFile(SettingsLayer& layer) const;

    /// Reads settings.toml; a missing one is an empty layer.
    [[nodiscard]] std::optional<SettingsError> readApp(SettingsLayer& layer) const;
    /// Puts a damaged settings.toml aside as settings.toml.bad; gives the new name.
    QString setAppAside() const;
    [[nodiscard]] bool writeApp(const SettingsLayer& layer, QString& why) const;

    /// Reads last-good.toml, divided into what FILE and what the app had set.
    [[nodiscard]] bool readLastGood(SettingsLayer& file, SettingsLayer& app) const;
    /// Writes last-good.toml unless it says the same already.
    [[nodiscard]] bool writeLastGood(const MergedSettings& merged, QString& why);

private:
    /// Reads the files of certificates and keys that the layer names, and looks at it once more.
    [[nodiscard]] std::optional<SettingsError> readNamedFiles(const SettingsDocument& document,
                                                              SettingsLayer& layer) const;
    [[nodiscard]] std::optional<SettingsError> readProviderList(const SettingsDocument& document,
                                                                SettingsLayer& layer) const;
    QString appFile() const;
    QString lastGoodFile() const;

    QString m_file;
    QString m_stateDirectory;
    const ProviderCatalog& m_catalog;
    QByteArray m_lastGood;
};

} // namespace sotto::service
