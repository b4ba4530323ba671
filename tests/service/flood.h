// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QString>

#include <sys/types.h>

namespace sotto::test {

/// A process of another user that floods a socket until it is ended: as much as it can, over as
/// many connections as it gets, reading nothing, and coming back when it is cut. Needs root.
class Flood {
public:
    /// lines: after a hello, on every second connection; the others send a line without an end.
    Flood(const QString& path, uid_t user, const QByteArrayList& lines);
    ~Flood();
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

    /// Whether it goes on sending.
    bool isFlooding() const;

private:
    int m_alive[2]{-1, -1};
    pid_t m_process = -1;
};

/// Resident memory of a process; -1 where the system does not say.
qint64 residentKiB(qint64 pid);
/// Sanitizers keep what was freed; then memory tells nothing.
bool isSanitized();

} // namespace sotto::test
