// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"

#include <QByteArray>

#include <chrono>

namespace sotto::systemdns {

enum class Transport { Udp, Tcp };

/// A question of type A for an absolute name, as octets (RFC 1035, section 4); empty where the name
/// is none. It has no EDNS: whoever answers it has to know nothing more.
QByteArray probeQuery(const QString& name, quint16 id);

/// The addresses of the A records in an answer to that very query. Nothing where the octets are not
/// an answer to it; a fault where they are, and say that there is none. Nothing in it is trusted.
std::optional<std::variant<QStringList, Fault>> readProbeAnswer(const QByteArray& octets,
                                                                const QByteArray& query);

/// Asks one server, past the system's resolver, and waits for its answer. Blocks for that long.
std::variant<QStringList, Fault> probe(const QString& name, const QString& address, quint16 port,
                                       Transport transport, std::chrono::milliseconds patience);

} // namespace sotto::systemdns
