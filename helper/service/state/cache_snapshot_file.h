// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace sotto::service {

/// "cache.snapshot" in the state directory: what the engine wrote of its cache, as one opaque
/// piece. It holds names that were looked up, so only its owner may read it, and remove() leaves
/// nothing behind, not even the beginning of a write that was cut off.
class CacheSnapshotFile {
public:
    explicit CacheSnapshotFile(QString stateDirectory);

    QString path() const;
    bool exists() const;

    /// Takes the rights of others away where it has some, and reads it.
    [[nodiscard]] bool read(qint64 limit, QByteArray& octets, QString& why) const;
    /// Replaces it as a whole or not at all. May run on any thread, one at a time.
    [[nodiscard]] bool write(const QByteArray& octets, QString& why) const;
    /// True also where there was none.
    [[nodiscard]] bool remove() const;
    /// Removes what writes left behind that were cut off.
    bool removeUnfinished() const;

private:
    QString m_stateDirectory;
};

} // namespace sotto::service
