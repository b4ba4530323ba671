// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace sotto::systemdns {

/// Where the system is to send its questions: loopback addresses, in order, on one port.
struct Target {
    static constexpr quint16 kDnsPort = 53;
    static constexpr qsizetype kMaxAddresses = 4;

    QStringList addresses; ///< in canonical text: "127.0.0.1", "::1"
    quint16 port = kDnsPort;

    /// Empty where the addresses are one to kMaxAddresses different loopback addresses (127/8 or
    /// ::1) in canonical text and the port is not 0; else what is wrong. Whoever asks for a lease
    /// is not trusted with more.
    QString fault() const;

    bool operator==(const Target&) const = default;
};

} // namespace sotto::systemdns
