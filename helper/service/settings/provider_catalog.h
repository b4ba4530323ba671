// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QHash>
#include <QList>
#include <QString>

namespace sotto::service {

/// A list of providers: the one that is shipped with the program, or one in the same form that the
/// administrator's file names. Immutable after reading.
class ProviderCatalog {
public:
    static constexpr qsizetype kMaxListBytes = 256 * 1024;
    /// What the providers may take in a reply, with room for its frame.
    static constexpr qsizetype kMaxReplyBytes = 200 * 1024;

    /// Reads a list in the form of resources/providers.schema.json, strictly; false and the reason
    /// (with line and column, or entry and member) where it is wrong. Nothing has changed then.
    [[nodiscard]] bool read(const QByteArray& json, QString& error);
    /// Reads the list that is built into the program.
    [[nodiscard]] bool readShipped(QString& error);

    const QList<protocol::Provider>& providers() const { return m_providers; }
    /// nullptr where there is none; valid as long as the catalog.
    const protocol::Provider* find(const QString& id) const;
    QStringList ids() const;
    /// The authorities for a provider's servers, as PEM; empty where the system's hold.
    QString authorities(const QString& id) const { return m_authorities.value(id); }
    /// The list as it was read, without spare space.
    const QByteArray& source() const { return m_source; }

private:
    QList<protocol::Provider> m_providers;
    QHash<QString, QString> m_authorities;
    QByteArray m_source;
};

} // namespace sotto::service
