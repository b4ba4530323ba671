// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/resolv_conf_state.h"

#include <QList>
#include <QStringList>

namespace sotto::systemdns {

/// Whose hand a resolv.conf shows.
struct ResolvConfWriter {
    enum class Kind {
        Agent, ///< a DHCP client or a network daemon, which does so as a matter of routine
        Vpn,
        Person, ///< anybody else
    };
    Kind kind = Kind::Person;
    QString name; ///< as people know it; empty for a person
    /// It may be dhclient's, which writes the file before the lease that tells so.
    bool mayBeDhclient = false;
};

/// What else a writer can be told by.
struct WriterClues {
    QStringList neighbours;    ///< names of files in /etc
    QList<QStringList> leases; ///< the servers of the newest DHCP leases
};

/// How VPN clients call the copy of the earlier resolv.conf that they keep in /etc meanwhile.
QStringList vpnCopies();
/// Of one of them, by its name in a ResolvConfWriter.
QStringList vpnCopies(const QString& vpn);
/// Whether it keeps its copies as vpnc-script does.
bool isVpnc(const QString& vpn);

/// Who wrote what lies there, told by what programs write into the file, where they lead it, what
/// they leave beside it, and what a DHCP server said. Pure.
ResolvConfWriter writerOf(const ResolvConfState& state, const WriterClues& clues);

} // namespace sotto::systemdns
