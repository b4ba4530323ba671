// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QJsonObject>
#include <QString>

#include <optional>

#include <sys/types.h>

namespace sotto::systemdns {

/// A moment as the file system keeps it.
struct FileTime {
    qint64 seconds = 0;
    qint64 nanoseconds = 0;

    bool operator==(const FileTime&) const = default;
};

/// Who may do what with a file, and when it was written.
struct FileAttributes {
    mode_t mode = 0644; ///< permission bits only
    uid_t uid = 0;
    gid_t gid = 0;
    FileTime modified;

    bool operator==(const FileAttributes&) const = default;
};

/// /etc/resolv.conf as it lies there, and as a journal keeps it.
struct ResolvConfState {
    enum class Kind { Absent, Regular, Link };

    /// So that a state fits into a journal's entry, in base64.
    static constexpr qsizetype kMaxOctets = qsizetype{40} * 1024;

    Kind kind = Kind::Absent;
    QByteArray octets;         ///< a link: of the file that it leads to; empty where to none
    FileAttributes attributes; ///< of a link its own; its mode means nothing
    FileTime changed;          ///< of file or link: its status change, which nobody can set
    QString link;              ///< where it leads, as it is spelt

    /// Of what a link leads to, only the lines that a file of ours keeps are written.
    QJsonObject toJson() const;
    /// Nothing where it is not what toJson() gives, with bits that no resolv.conf needs cut off:
    /// it is read as if an enemy had written it.
    static std::optional<ResolvConfState> fromJson(const QJsonObject& json);

    /// The lines that a file of ours keeps.
    QByteArrayList keptLines() const;
    /// Nobody has touched it between the two moments.
    bool isUntouchedSince(const ResolvConfState& earlier) const;
};

} // namespace sotto::systemdns
