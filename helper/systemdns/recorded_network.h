// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/network_manager_bus.h"

#include <QByteArray>
#include <QJsonObject>

namespace sotto::systemdns {

/// The DNS of the networks that NetworkManager is in, as a journal keeps it for the case that
/// NetworkManager is gone when it is needed.
struct RecordedNetwork {
    QStringList servers; ///< in canonical text, without those that need an interface's name
    QStringList searches;
    QStringList options;

    /// As NetworkManager puts them together, in its order.
    static RecordedNetwork of(const QList<ConnectionDns>& connections);

    QJsonObject toJson() const;
    /// Nothing where it is not what toJson() gives: it is read as if an enemy had written it.
    static std::optional<RecordedNetwork> fromJson(const QJsonValue& json);

    /// A resolv.conf of them, with a comment that says why.
    QByteArray resolvConf() const;

    bool operator==(const RecordedNetwork&) const = default;
};

} // namespace sotto::systemdns
