// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFileSystemWatcher>
#include <QObject>

#include <optional>

namespace sotto::systemdns {

/// Tells when a small file's octets have changed, by whatever way: written in place, replaced,
/// made, removed, with its folder or without. A link is followed.
///
/// Thread: the one that made it, with an event loop.
class FileWatch : public QObject {
    Q_OBJECT

public:
    explicit FileWatch(QString file, QObject* parent = nullptr);

    void start();

signals:
    void changed();

private:
    void arm();
    void look();

    QString m_file;
    QFileSystemWatcher m_watcher;
    std::optional<QByteArray> m_seen;
};

} // namespace sotto::systemdns
