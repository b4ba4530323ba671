// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace sotto::lease {

/// The number of a user, given by name or number; nothing where there is none. May ask the name
/// service, for as long as that takes.
std::optional<quint32> numberOfUser(const QString& user);

} // namespace sotto::lease
