// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

namespace sotto::cli {

/// What the servers of forward.bootstrap are, for people.
inline QString unencryptedLookUps(const QStringList& servers) {
    return QObject::tr("%1 (UNENCRYPTED, for the names of upstreams only)")
        .arg(servers.join(QLatin1String(", ")));
}

} // namespace sotto::cli
