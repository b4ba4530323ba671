// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/descriptor.h"

#include <QHash>
#include <QObject>
#include <QStringList>

namespace sotto::systemdns {

/// Tells when files of certain names change in certain folders of a root: are made, written,
/// renamed or removed. It watches the folders, because a renamed file is another one; and the
/// files, because those that are mounts are written elsewhere. Folders that do not exist yet are
/// watched once they do, as far as the folder above them is there.
///
/// Thread: the one that made it, with an event loop.
class FolderWatch : public QObject {
    Q_OBJECT

public:
    FolderWatch(QString root, QStringList folders, QStringList names);

signals:
    void changed();

private:
    void watchAll();
    void watchOne(const QString& path, quint32 events);
    void readEvents();

    const QString m_root;
    const QStringList m_folders;
    const QStringList m_names;
    Descriptor m_inotify;
    QHash<int, QString> m_paths; ///< by inotify's number: what is watched
};

} // namespace sotto::systemdns
