// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QHash>
#include <QList>
#include <QString>

namespace sotto::service {

/// A list of providers: the one that is shipped with the program, or one in the same form that the
/// administrator's file names. Immutable after reading. One thread.
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
    /// The list that is built into the program, read when it is first looked at: a service whose
    /// servers are set by hand answers without it.
    static ProviderCatalog shipped();

    const QList<protocol::Provider>& providers() const { return contents().providers; }
    /// nullptr where there is none; valid as long as the catalog.
    const protocol::Provider* find(const QString& id) const;
    QStringList ids() const;
    /// The authorities for a provider's servers, as PEM; empty where the system's hold.
    QString authorities(const QString& id) const { return contents().authorities.value(id); }
    /// The list as it was read, without spare space.
    const QByteArray& source() const { return contents().source; }

private:
    struct Contents {
        QList<protocol::Provider> providers;
        QHash<QString, QString> authorities;
        QByteArray source;
    };
    const Contents& contents() const;

    mutable Contents m_contents;
    mutable bool m_shippedIsDue = false;
};

} // namespace sotto::service
