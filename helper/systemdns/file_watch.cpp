// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/file_watch.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace sotto::systemdns {

namespace {

constexpr qint64 kMaxOctets = 64 * 1024;

std::optional<QByteArray> octetsOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return file.read(kMaxOctets);
}

QString nearestFolder(const QString& path) {
    QDir folder = QFileInfo(path).dir();
    while (!folder.exists() && !folder.isRoot())
        folder.setPath(QFileInfo(folder.path()).path());
    return folder.path();
}

} // namespace

FileWatch::FileWatch(QString file, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file)) {
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatch::look);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatch::look);
}

void FileWatch::start() {
    arm();
    m_seen = octetsOf(m_file);
}

void FileWatch::arm() {
    // A path stays with the file that it meant when it was added, so that all are added anew.
    const QStringList old = m_watcher.files() + m_watcher.directories();
    if (!old.isEmpty())
        m_watcher.removePaths(old);
    QStringList paths{nearestFolder(m_file)};
    if (QFileInfo::exists(m_file)) {
        const QString real = QFileInfo(m_file).canonicalFilePath();
        paths << m_file << QFileInfo(real).path();
    }
    paths.removeDuplicates();
    m_watcher.addPaths(paths);
}

void FileWatch::look() {
    arm();
    auto now = octetsOf(m_file);
    if (now == m_seen)
        return;
    m_seen = std::move(now);
    emit changed();
}

} // namespace sotto::systemdns
