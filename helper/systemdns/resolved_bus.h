// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/system_bus.h"
#include "systemdns/target.h"

#include <QList>

namespace sotto::systemdns {

/// A server that systemd-resolved asks; link 0 is the whole system.
struct ResolvedServer {
    int link = 0;
    QString address; ///< canonical text
    quint16 port = Target::kDnsPort;
};

/// A domain that it searches, or only routes by; "." is every name.
struct ResolvedDomain {
    int link = 0;
    QString name;
    bool routeOnly = false;
};

inline constexpr int kWholeSystem = 0;

/// What systemd-resolved says of itself on the bus (org.freedesktop.resolve1(5)).
class ResolvedBus {
public:
    explicit ResolvedBus(const SystemBus& bus);

    static const SystemBus::Object& object();
    /// All links at once, for signals.
    static SystemBus::Object anyLink();

    bool isRunning() const;
    /// Since version 246 a server may have a port.
    bool knowsPorts() const;
    std::variant<QList<ResolvedServer>, Fault> servers() const;
    std::variant<QList<ResolvedDomain>, Fault> domains() const;
    /// Whether names may be asked at the link's servers now: it is up, and has some.
    bool isAsked(int link) const;

    /// Whether the target, and nothing else, is the whole system's, for every name.
    bool asks(const Target& target) const;
    /// Whether one of the whole system's servers is the target's.
    bool asksAnyOf(const Target& target) const;

private:
    const SystemBus& m_bus;
};

/// "192.0.2.1" of 4 or 16 octets; empty for others.
QString addressText(const QByteArray& octets);

} // namespace sotto::systemdns
