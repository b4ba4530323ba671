// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/detection.h"

#include <QHash>
#include <QTemporaryDir>

namespace sotto::test {

/// A root of its own for a test, beside a folder that nothing may ever touch.
class TemporaryRoot {
public:
    TemporaryRoot();

    QString path() const { return m_dir.filePath(QStringLiteral("root")); }
    QString outside() const { return m_dir.filePath(QStringLiteral("outside")); }
    /// With a bus where nobody listens.
    systemdns::Surroundings surroundings() const {
        return {path(), QStringLiteral("unix:path=") + outside() + QStringLiteral("/bus")};
    }

    /// Paths are given from the root on ("/etc/resolv.conf"); folders are made.
    void write(const QString& file, const QByteArray& content) const;
    void link(const QString& file, const QString& target) const;
    void remove(const QString& file) const;
    QByteArray read(const QString& file) const; ///< links are followed; null where there is none
    QString linkTarget(const QString& file) const;
    void setMode(const QString& file, int mode) const;

    /// Everything that a file or link has but its inode and status change, by path; of a folder
    /// its names.
    static QHash<QString, QString> look(const QString& folder);
    QHash<QString, QString> etc() const { return look(path() + QStringLiteral("/etc")); }

private:
    QTemporaryDir m_dir;
};

} // namespace sotto::test
