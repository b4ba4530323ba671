// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"

#include <QString>

#include <optional>

namespace sotto::service {

enum class PortProtocol { Udp, Tcp };

/// Who has a port, as far as the system tells this user.
struct PortOwner {
    QString unit;    ///< "dnsmasq.service"; empty outside of systemd
    QString program; ///< "dnsmasq"; empty where it is not told
    qint64 pid = 0;  ///< 0 likewise
    std::optional<quint32> user;

    /// "dnsmasq.service (dnsmasq, pid 812)", "dnsmasq (pid 812)", "a program of user 101".
    QString text() const;
};

/// Who keeps others from opening that address: a socket at it, or at all addresses of its port.
/// Nothing where there is none, or the system cannot tell. Looks through /proc, so it takes its
/// time: for errors only.
std::optional<PortOwner> portOwner(const engine::Endpoint& endpoint, PortProtocol protocol);

/// The unit that a cgroup's path stands for: "/system.slice/dnsmasq.service" and what is below it.
QString unitOfCgroup(const QString& path);

/// "127.0.0.1:53 is taken by …" for an error of a taken address.
QString portOwnerText(const engine::Error& taken);
/// An error as a sentence without its full stop; of a taken address with what to do.
QString errorText(const engine::Error& error);

} // namespace sotto::service
