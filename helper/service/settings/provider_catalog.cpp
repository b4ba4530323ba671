// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/provider_catalog.h"

#include <QFile>
#include <QJsonDocument>

namespace sotto::service {

bool ProviderCatalog::read(const QByteArray& json, QString& error) {
    QJsonParseError parseError{};
    const QJsonDocument document = QJsonDocument::fromJson(json, &parseError);
    if (parseError.error != QJsonParseError::NoError) {
        error = parseError.errorString();
        return false;
    }
    QList<protocol::Provider> providers;
    if (!protocol::fromJson(document.object().value(QLatin1String("providers")), providers, error))
        return false;
    if (providers.isEmpty()) {
        error = QStringLiteral("the list is empty");
        return false;
    }
    m_providers = std::move(providers);
    return true;
}

bool ProviderCatalog::readShipped(QString& error) {
    QFile file(QStringLiteral(":/sotto/providers.json"));
    if (!file.open(QIODevice::ReadOnly)) {
        error = file.errorString();
        return false;
    }
    return read(file.readAll(), error);
}

const protocol::Provider* ProviderCatalog::find(const QString& id) const {
    for (const protocol::Provider& provider : m_providers) {
        if (provider.id == id)
            return &provider;
    }
    return nullptr;
}

QStringList ProviderCatalog::ids() const {
    QStringList result;
    for (const protocol::Provider& provider : m_providers)
        result += provider.id;
    return result;
}

} // namespace sotto::service
