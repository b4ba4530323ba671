// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

/// What a service that root starts without a service manager does before it reads a single octet
/// from the network. Each gives false with the reason.
namespace sotto::service {

/// Makes a folder that is missing, as the user's own.
[[nodiscard]] bool makeFolderFor(const QString& user, const QString& path, unsigned mode,
                                 QString& why);

/// Becomes that user for good. Of root's rights the one to open ports below 1024 stays; no program
/// that is started later gains any.
[[nodiscard]] bool becomeUser(const QString& user, QString& why);

} // namespace sotto::service
