// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/detection.h"
#include "systemdns/file_watch.h"
#include "systemdns/network_manager_bus.h"
#include "systemdns/resolv_conf_file.h"
#include "systemdns/service_presence.h"

namespace sotto::systemdns {

/// NetworkManager where it writes /etc/resolv.conf itself: its global DNS configuration names the
/// target, and hides what connections bring. NetworkManager goes on taking in their values, so that
/// without it the newest ones are in force, whatever networks were met meanwhile. It keeps the
/// configuration over its own restart and over reboots (NetworkManager-intern.conf).
///
/// Where it is gone when it is to be given back (stopped, masked, removed), /etc/resolv.conf is
/// made as it was, or of the servers of the newest network, and our address is taken out of what
/// it keeps for its next start.
///
/// Captured: {"global": the global configuration, as variantsToJson() writes it, "network": the
/// servers of the network, as RecordedNetwork has them, "file": /etc/resolv.conf, as
/// ResolvConfState writes it, until the network is another}.
///
/// An edit of /etc/resolv.conf by hand wins, and outlasts restore(); NetworkManager replaces such a
/// file the next time it writes its own, as it always does.
class NetworkManager : public Mechanism {
    Q_OBJECT

public:
    /// patience: with a service that is starting or ending.
    explicit NetworkManager(const Surroundings& surroundings,
                            std::chrono::milliseconds patience = ServicePresence::kPatience,
                            QObject* parent = nullptr);

    MechanismId id() const override { return MechanismId::NetworkManager; }
    Finding look() const override;
    bool supports(const Target& target) const override;
    std::variant<QJsonObject, Fault> capture() const override;
    [[nodiscard]] std::optional<Fault> apply(const Target& target,
                                             const QJsonObject& before) override;
    Standing standing(const Target& target, const QJsonObject& before) const override;
    [[nodiscard]] std::optional<Fault> restore(const Target& target,
                                               const QJsonObject& before) override;
    /// A global configuration that is not from a file of people's and sends all names to loopback
    /// addresses: as Sotto makes it, and nobody else that is known.
    std::optional<Leftover> leftover() const override;
    Coverage coverage(const Target& target) const override;
    void watch() override;

private slots:
    void propertiesChanged(const QString& interface, const QVariantMap& changed,
                           const QStringList& invalidated);
    void ownerChanged(const QString& name, const QString& oldOwner, const QString& newOwner);

private:
    QString whyUnusable() const;
    /// Its global configuration, where it can be read.
    std::optional<QVariantMap> current() const;
    /// resolv.conf, where somebody else has written it since: it names others than the target.
    std::optional<QByteArray> editedFile(const Target& target) const;
    /// After NetworkManager has written its own over it.
    void putPersonsFileBack(const Target& target, const QJsonObject& before) const;
    void putBack(const QByteArray& octets) const;
    std::optional<Fault> restoreOverTheBus(const Target& target, const QJsonObject& before);
    std::optional<Fault> restoreWithoutIt(const Target& target, const QJsonObject& before);
    std::optional<Fault> restoreFile(const Target& target, const QJsonObject& before) const;
    bool isInstalled() const;

    QString m_root;
    QString m_file;
    ResolvConfFile m_resolvConf;
    SystemBus m_bus;
    NetworkManagerBus m_networkManager;
    ServicePresence m_presence;
    FileWatch m_watch;
    FileWatch m_dockerWatch;
};

} // namespace sotto::systemdns
