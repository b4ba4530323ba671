// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace sotto::service {

/// "sessions" in the state directory: TLS sessions that the next run may resume, as one opaque
/// piece. Each is for one use, so the file is gone before its content is used; and who else has
/// read them could link or read connections, so a file that others may read is not used.
class SessionFile {
public:
    static constexpr qint64 kMaxBytes = 1024 * 1024;

    explicit SessionFile(QString stateDirectory);

    QString path() const;

    enum class Found {
        Nothing, ///< there was no file
        Octets,  ///< its content, which is gone from the disk
        Unfit,   ///< it may not be used, and why says why
    };
    /// Takes the file away, and gives its content.
    [[nodiscard]] Found take(QByteArray& octets, QString& why) const;

    /// Replaces it as a whole or not at all.
    [[nodiscard]] bool write(const QByteArray& octets, QString& why) const;

    /// Waits until the disk knows that the file is gone.
    void settle() const;

private:
    QString m_stateDirectory;
};

} // namespace sotto::service
