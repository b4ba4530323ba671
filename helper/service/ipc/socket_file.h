// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::service {

/// Makes a path ready for a new local socket: creates its folder and removes a socket that nobody
/// serves any more. False with the reason where somebody does, or where something else is there.
[[nodiscard]] bool prepareSocketPath(const QString& path, QString& why);

} // namespace sotto::service
