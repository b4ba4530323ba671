// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace sotto::cli {

/// "corp.example +2": the further zones of a route are counted.
inline QString routeText(const QString& zone, const std::optional<int>& more) {
    return more ? QStringLiteral("%1 +%2").arg(zone).arg(*more) : zone;
}

} // namespace sotto::cli
