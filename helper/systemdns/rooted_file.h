// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/descriptor.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace sotto::systemdns {

/// Opens a folder of a root for reading, given from the root on ("/etc"). No part of it may be a
/// link. errno says why it failed.
Descriptor openFolder(const QString& root, const QString& path);

/// All that an open file holds, at most so many octets. errno says why it failed; EFBIG: longer.
std::optional<QByteArray> readAll(const Descriptor& file, qsizetype most);

/// The content of a regular file of a root, at most so many octets; links are followed as if the
/// root were the computer's. Nothing where there is none, or it is longer.
std::optional<QByteArray> readRooted(const QString& root, const QString& path, qsizetype most);

/// Names in a folder of a root, sorted; links on the way are followed as above.
QStringList namesIn(const QString& root, const QString& path);

/// Whether anything is there, links followed as above.
bool existsIn(const QString& root, const QString& path);

} // namespace sotto::systemdns
