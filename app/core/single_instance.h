// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QString>

namespace sotto::app {

/// One running application a user. The holder of a lock file is the instance; it listens on a
/// local socket beside it, which only the same user can open, for later starts that ask it to
/// come to the front.
///
/// Thread: GUI. The lock of a process that died does not count.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    /// folder is made when it does not exist, for the user alone. key tells instances apart that
    /// may run beside each other; it may be empty.
    SingleInstance(const QString& folder, const QString& key, QObject* parent = nullptr);

    /// True when this process is the instance now.
    [[nodiscard]] bool acquire();
    /// Asks the running instance to come to the front, with a page of CommandLine::pageNames() or
    /// as it is; true when it heard. Waits at most a second.
    [[nodiscard]] bool raiseOther(const QString& page = {});

    /// Where the application keeps lock and socket by default.
    static QString defaultFolder();

signals:
    /// page is one of CommandLine::pageNames(), or empty.
    void raiseRequested(const QString& page);

private:
    void greet();

    QString m_socket;
    QLockFile m_lock;
    QLocalServer m_server;
};

} // namespace sotto::app
