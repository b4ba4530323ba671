// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace sotto::service {

/// Replaces a file as a whole or not at all: temporary file, sync, rename, sync of the folder.
/// Only its owner may read it.
[[nodiscard]] bool writePrivateFile(const QString& path, const QByteArray& content, QString& why);

/// Removes what writes of this file left behind that were cut off; false where some could not be.
bool removeUnfinishedWrites(const QString& path);

/// Whether a file is an ordinary one, no link, that belongs to this process's user, and that nobody
/// else may read or write; else why not.
[[nodiscard]] bool isPrivateFile(const QString& path, QString& why);

/// Waits until what became of the names in a folder is on the disk.
void syncFolder(const QString& folder);

} // namespace sotto::service
