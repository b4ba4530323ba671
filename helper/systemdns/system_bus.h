// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariant>

#include <chrono>

namespace sotto::systemdns {

/// A connection of its own to the system bus. It is made at the first use, and anew where the bus
/// had gone. No call makes the bus start a service, and none waits longer than its patience.
///
/// Thread: the one that made it.
class SystemBus {
public:
    static constexpr std::chrono::milliseconds kPatience{5000};

    /// address: empty for the usual one.
    explicit SystemBus(QString address);
    ~SystemBus();
    SystemBus(const SystemBus&) = delete;
    SystemBus& operator=(const SystemBus&) = delete;

    /// For signals; not connected where there is no bus.
    QDBusConnection connection() const;

    enum class Ownership {
        Owned,
        NotOwned,
        Unknown, ///< the bus could not be asked
    };
    /// Whether somebody holds that name now.
    Ownership ownership(const QString& service) const;
    bool isOwned(const QString& service) const { return ownership(service) == Ownership::Owned; }

    struct Object {
        QString service;
        QString path;
        QString interface;
    };
    /// The reply's arguments.
    std::variant<QVariantList, Fault> call(const Object& object, const QString& method,
                                           const QVariantList& arguments = {},
                                           std::chrono::milliseconds patience = kPatience) const;
    std::variant<QVariant, Fault> property(const Object& object, const QString& name) const;
    [[nodiscard]] std::optional<Fault> setProperty(const Object& object, const QString& name,
                                                   const QVariant& value) const;

    /// Connects a slot (QString interface, QVariantMap changed, QStringList invalidated) with the
    /// changes of an interface's properties. path: empty for all of the service's objects.
    bool watchProperties(const Object& object, QObject* receiver, const char* slot) const;
    /// Connects a slot (QString name, QString oldOwner, QString newOwner).
    bool watchOwner(const QString& service, QObject* receiver, const char* slot) const;

private:
    QString m_address;
    QString m_name;
};

} // namespace sotto::systemdns
