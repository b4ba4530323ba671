// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/system_bus.h"

#include <QList>
#include <QVariantMap>

namespace sotto::systemdns {

/// What an active connection of NetworkManager brought for one address family.
struct ConnectionDns {
    QString name; ///< as people see it
    bool vpn = false;
    bool primary = false;
    int priority = 0;    ///< the lower, the earlier; below 0 it hides those above it
    QStringList servers; ///< in canonical text
    QStringList searches;
    QStringList options;
};

/// The part of NetworkManager's D-Bus interface that is about DNS.
class NetworkManagerBus {
public:
    explicit NetworkManagerBus(const SystemBus& bus);

    static const QString& service();
    /// Whose changes can change the DNS, for signals.
    static QList<SystemBus::Object> watched();

    bool isRunning() const;
    /// Its way to answer names: "default", "dnsmasq", "systemd-resolved", "none" …
    QString mode() const;
    /// Its way to write resolv.conf: "symlink", "file", "resolvconf", "unmanaged" …
    QString resolvConfMode() const;

    std::variant<QVariantMap, Fault> globalDns() const;
    /// It answers well also where it did not take it: read it again.
    [[nodiscard]] std::optional<Fault> setGlobalDns(const QVariantMap& global) const;

    /// In the order in which NetworkManager would use them.
    QList<ConnectionDns> connections() const;

private:
    const SystemBus& m_bus;
};

} // namespace sotto::systemdns
