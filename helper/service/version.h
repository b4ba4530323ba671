// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::service {

/// The version of the program, "1.2.3".
inline QString versionText() {
    return QStringLiteral(SOTTO_VERSION);
}

} // namespace sotto::service
