// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/settings_layer.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace sotto::test {

/// Settings as texts, read and merged as the service does with its file and the app's layer.
class SettingLayers {
protected:
    service::ProviderCatalog m_catalog;

    std::optional<service::SettingsError> read(const QByteArray& text,
                                               service::SettingSource source,
                                               service::SettingsLayer& layer) const {
        service::SettingsDocument document;
        if (auto error = service::readToml(text, document))
            return error;
        return service::readLayer(document, source, m_catalog, layer);
    }

    /// The error's text, or nothing.
    QString merge(const QByteArray& file, const QByteArray& app,
                  service::MergedSettings& merged) const {
        service::SettingsLayer fileLayer;
        service::SettingsLayer appLayer;
        auto error = read(file, service::SettingSource::Administrator, fileLayer);
        if (!error)
            error = read(app, service::SettingSource::App, appLayer);
        if (!error)
            error = service::mergeLayers(fileLayer, "F", appLayer, m_catalog, merged);
        return error ? error->text() : QString();
    }
};

} // namespace sotto::test
