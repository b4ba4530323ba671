// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::service {

/// Checks the path of a local socket and creates its folder where it is missing.
[[nodiscard]] bool createSocketFolder(const QString& path, QString& why);

/// Makes a checked path ready for a new local socket: removes a socket that nobody serves any more.
/// False with the reason where somebody does, or where something else is there.
[[nodiscard]] bool prepareSocketPath(const QString& path, QString& why);

} // namespace sotto::service
