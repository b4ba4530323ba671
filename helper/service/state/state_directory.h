// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QString>

namespace sotto::service {

/// The folder in which the service keeps its state, held by one service at a time.
class StateDirectory {
public:
    /// Creates the folder (0700) where it is missing and locks it; false with the reason where
    /// that fails or another service holds it.
    [[nodiscard]] bool open(const QString& path, QString& why);

    const QString& path() const { return m_path; }

    /// For system users /var/lib/sotto, for a plain user $XDG_STATE_HOME/sotto.
    static QString defaultPath();

    /// Why this process, which may be root's, should keep nothing there: a folder of another user,
    /// or the usual one while there is a user "sotto". What root writes, that user could neither
    /// read nor replace. Empty where it may.
    static QString faultForRoot(const QString& path);

private:
    QString m_path;
    /// Locked by the kernel while it is open, whatever becomes of this process; holds its number.
    QFile m_lock;
};

/// The administrator's file where none is named: /etc/sotto/sotto.toml, for a plain user
/// $XDG_CONFIG_HOME/sotto/sotto.toml; empty where it does not exist.
QString defaultSettingsFile();

} // namespace sotto::service
