// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"

namespace sotto::systemdns {

/// The coverage of a mechanism by which programs come to the target through /etc/resolv.conf.
Coverage fileCoverage(const QString& root, const Target& target);

/// Those who do not read it: what the hosts line of an nsswitch.conf(5) has instead. The stub of
/// systemd-resolved is no exception where it asks the target itself.
QList<Exception> nameSwitchExceptions(const QByteArray& nsswitch, bool resolvedAsksOthers);

} // namespace sotto::systemdns
