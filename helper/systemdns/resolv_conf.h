// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QStringList>

namespace sotto::systemdns {

/// What a resolv.conf says, read as the C library reads it (resolv.conf(5)).
struct ResolvConf {
    QStringList nameservers; ///< in order, as they are spelt
    /// The lines of search, domain, options and sortlist; of 8 KiB of them at most.
    QByteArrayList kept;
    QByteArrayList comments; ///< without what marks them

    static ResolvConf parse(const QByteArray& octets);

    /// Whether it names servers, and all of them are among these.
    bool namesOnly(const QStringList& servers) const;
    /// Whether all of its servers are the stubs of systemd-resolved, so that who reads it comes to
    /// systemd-resolved.
    bool namesResolvedStub() const;
};

/// A resolv.conf of ours. It begins with a line that tells a person what it is and how to get the
/// earlier one back, and carries a sum over the rest, so that an edit is seen, whatever was applied
/// by whichever version.
QByteArray composeResolvConf(const QStringList& nameservers, const QByteArrayList& kept);

enum class Authorship {
    Foreign,
    Ours,       ///< octet for octet as composeResolvConf() gave it
    OursEdited, ///< somebody changed it since
};
Authorship authorshipOf(const QByteArray& octets);

} // namespace sotto::systemdns
