// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/cache_snapshot_file.h"

#include "service/state/ordinary_file.h"
#include "service/state/private_file.h"

#include <QFile>
#include <QFileInfo>

namespace sotto::service {

namespace {

const QString kName = QStringLiteral("cache.snapshot");
constexpr QFile::Permissions kOwnRights = QFile::ReadOwner | QFile::WriteOwner;
constexpr QFile::Permissions kAllRights = kOwnRights | QFile::ExeOwner | QFile::ReadGroup |
                                          QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                                          QFile::WriteOther | QFile::ExeOther;

} // namespace

CacheSnapshotFile::CacheSnapshotFile(QString stateDirectory)
    : m_stateDirectory(std::move(stateDirectory)) {}

QString CacheSnapshotFile::path() const {
    return m_stateDirectory + QLatin1Char('/') + kName;
}

bool CacheSnapshotFile::exists() const {
    return QFile::exists(path());
}

bool CacheSnapshotFile::read(qint64 limit, QByteArray& octets, QString& why) const {
    const QFileInfo info(path());
    // Not through a link, which write() replaces: what it leads to is not the service's.
    if (info.isFile() && !info.isSymLink() && (info.permissions() & kAllRights) != kOwnRights &&
        !QFile::setPermissions(path(), kOwnRights)) {
        why = QStringLiteral("others may read it, and that could not be changed");
        return false;
    }
    return readOrdinaryFile(path(), limit, octets, why);
}

bool CacheSnapshotFile::write(const QByteArray& octets, QString& why) const {
    return writePrivateFile(path(), octets, why);
}

bool CacheSnapshotFile::remove() const {
    const bool gone = !exists() || QFile::remove(path());
    return removeUnfinished() && gone;
}

bool CacheSnapshotFile::removeUnfinished() const {
    return removeUnfinishedWrites(path());
}

} // namespace sotto::service
