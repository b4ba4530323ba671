// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace sotto::service {

/// Replaces a file as a whole or not at all: temporary file, sync, rename, sync of the folder.
/// Only its owner may read it.
[[nodiscard]] bool writePrivateFile(const QString& path, const QByteArray& content, QString& why);

} // namespace sotto::service
