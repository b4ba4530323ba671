// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace sotto::service {

/// Reads a file whole. Anything but an ordinary file is refused, so that it never waits as a pipe
/// would make it, and so is one of more than limit octets.
[[nodiscard]] bool readOrdinaryFile(const QString& path, qint64 limit, QByteArray& content,
                                    QString& why);

} // namespace sotto::service
