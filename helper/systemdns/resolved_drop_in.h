// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"

#include <QByteArray>

namespace sotto::systemdns {

/// The drop-in of resolved.conf(5) that makes a target the whole system's, for every name. It lies
/// under /run, so that a reboot takes it away, and sorts behind what people and packages use.
class ResolvedDropIn {
public:
    /// root: ahead of every path.
    explicit ResolvedDropIn(QString root);

    QString folder() const;
    QString file() const;

    enum class State {
        Absent,
        Ours,       ///< octet for octet as it was written, for whichever target
        OursEdited, ///< somebody changed it since
        Foreign,    ///< somebody else's
    };
    State state() const;

    bool folderExists() const;
    /// Whether it is as it is written for that target.
    bool isFor(const Target& target) const;
    /// Whether it names one of the target's addresses, edited or not.
    bool leadsTo(const Target& target) const;
    /// For which target it was written, where it is ours.
    Target target() const;
    /// Files of others that systemd-resolved reads after it.
    QStringList laterFiles() const;
    /// Whether a file of others, of all that systemd-resolved reads, names one of its addresses.
    bool othersLeadTo(const Target& target) const;

    /// What is there now, for putBack().
    std::optional<QByteArray> octets() const;
    [[nodiscard]] std::optional<Fault> write(const QByteArray& octets) const;
    /// Also its folder, where that is wanted and nothing else is in it.
    [[nodiscard]] std::optional<Fault> remove(bool withFolder) const;

    static QByteArray compose(const Target& target);

private:
    QStringList servers() const;

    QString m_root;
};

} // namespace sotto::systemdns
