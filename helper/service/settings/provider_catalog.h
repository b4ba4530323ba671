// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QList>
#include <QString>

namespace sotto::service {

/// The list of providers that is shipped with the program. Immutable after reading.
class ProviderCatalog {
  public:
    /// Reads the list in its shipped form; gives false and the reason where it is damaged.
    [[nodiscard]] bool read(const QByteArray& json, QString& error);
    /// Reads the list that is built into the program.
    [[nodiscard]] bool readShipped(QString& error);

    const QList<protocol::Provider>& providers() const { return m_providers; }
    /// nullptr where there is none; valid as long as the catalog.
    const protocol::Provider* find(const QString& id) const;
    QStringList ids() const;

  private:
    QList<protocol::Provider> m_providers;
};

} // namespace sotto::service
