// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/system_bus.h"

namespace sotto::systemdns {

/// Restarts a service through systemd, so that it reads its settings anew.
class ServiceRestart {
public:
    static constexpr std::chrono::milliseconds kPatience{10000};

    /// unit: "systemd-resolved.service"; service: the name that it takes on the bus.
    ServiceRestart(const SystemBus& bus, QString unit, QString service);

    /// Whether systemd is there to be asked.
    bool isPossible() const;

    /// Waits until systemd has done it and the service is on the bus again, without running the
    /// caller's event loop.
    [[nodiscard]] std::optional<Fault> restart() const;

private:
    const SystemBus& m_bus;
    QString m_unit;
    QString m_service;
};

} // namespace sotto::systemdns
