// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/detection.h"
#include "systemdns/file_watch.h"
#include "systemdns/resolved_bus.h"
#include "systemdns/resolved_drop_in.h"
#include "systemdns/service_presence.h"
#include "systemdns/service_restart.h"

namespace sotto::systemdns {

/// systemd-resolved: a drop-in under /run makes the target the whole system's for every name, and a
/// restart puts it in force. What links have of their own is not touched: it survives the restart
/// (/run/systemd/resolve/netif), and comes into force again when the drop-in goes. Who reads
/// /etc/resolv.conf past its stub is the plain file's business, which is applied or watched beside
/// it (Detection).
///
/// Captured: {"folder": whether the folder of drop-ins was there, "drop_in": whether ours was}.
class Resolved : public Mechanism {
    Q_OBJECT

public:
    /// patience: with a service that is starting or ending.
    explicit Resolved(const Surroundings& surroundings,
                      std::chrono::milliseconds patience = ServicePresence::kPatience,
                      QObject* parent = nullptr);

    MechanismId id() const override { return MechanismId::Resolved; }
    Finding look() const override;
    bool supports(const Target& target) const override;
    std::variant<QJsonObject, Fault> capture() const override;
    [[nodiscard]] std::optional<Fault> apply(const Target& target,
                                             const QJsonObject& before) override;
    Standing standing(const Target& target, const QJsonObject& before) const override;
    [[nodiscard]] std::optional<Fault> restore(const Target& target,
                                               const QJsonObject& before) override;
    std::optional<Leftover> leftover() const override;
    Coverage coverage(const Target& target) const override;
    void watch() override;

private slots:
    void propertiesChanged(const QString& interface, const QVariantMap& changed,
                           const QStringList& invalidated);
    void ownerChanged(const QString& name, const QString& oldOwner, const QString& newOwner);

private:
    std::optional<Fault> putInForce(const Target& target);
    Fault undo(Fault why, const std::optional<QByteArray>& earlier, const QJsonObject& before);
    /// restore(), once the drop-in is as it is to be. removed: by this call.
    std::optional<Fault> letGo(const Target& target, bool removed);
    std::optional<Fault> letGoUnseen(const Target& target, bool removed);
    bool keepsAsking(const Target& target) const;
    std::optional<bool> namesInItsFile(const Target& target) const;

    QString m_root;
    SystemBus m_bus;
    ResolvedBus m_resolved;
    ServicePresence m_presence;
    ServiceRestart m_restart;
    ResolvedDropIn m_dropIn;
    FileWatch m_watch;
    FileWatch m_dockerWatch;
};

} // namespace sotto::systemdns
