// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/system_bus.h"

namespace sotto::systemdns {

/// Whether a service of the system is there. Not to be on the bus is not yet to be off: it may be
/// starting, or being restarted, or the bus may be down. systemd, where it is there, knows.
class ServicePresence {
public:
    static constexpr std::chrono::milliseconds kPatience{5000};

    /// unit: "systemd-resolved.service"; service: the name that it takes on the bus; patience: how
    /// long one is waited for that starts or ends.
    ServicePresence(const SystemBus& bus, QString unit, QString service,
                    std::chrono::milliseconds patience);

    enum class State {
        OnBus,
        Off,    ///< as far as the bus and systemd know, it does not run
        Silent, ///< it runs, as systemd says, and does not come to the bus
        Unsure, ///< between two states for all of the patience, or nobody could be asked
    };
    struct Answer {
        State state = State::Unsure;
        QString reason; ///< why it is unsure, as a phrase for people
    };
    /// Waits for the end of what is under way, without running the caller's event loop.
    Answer settled() const;

private:
    enum class Unit { Off, Active, Changing, Unknown };
    Unit unit() const;

    const SystemBus& m_bus;
    QString m_unit;
    QString m_service;
    std::chrono::milliseconds m_patience;
};

} // namespace sotto::systemdns
