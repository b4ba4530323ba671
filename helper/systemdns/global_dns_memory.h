// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/target.h"

#include <QByteArray>
#include <QVariantMap>

#include <optional>

namespace sotto::systemdns {

struct Fault;

/// NetworkManager-intern.conf, in which NetworkManager keeps its global DNS configuration over its
/// restarts (nm-config.c, the groups ".intern.global-dns" and ".intern.global-dns-domain-*"). The
/// file is its own: here it is changed only while NetworkManager does not run, so that it cannot
/// be told over the bus.

/// The file with the earlier global configuration in place of the one that sends all names to the
/// target; nothing where that is not what the file says. What of the earlier one cannot stand in
/// such a file is left out. Pure.
std::optional<QByteArray> memoryWithout(const QByteArray& memory, const Target& target,
                                        const QVariantMap& earlier);

/// Takes the target out of the file, where there is one and it leads there.
[[nodiscard]] std::optional<Fault> forgetTarget(const QString& root, const Target& target,
                                                const QVariantMap& earlier);

} // namespace sotto::systemdns
