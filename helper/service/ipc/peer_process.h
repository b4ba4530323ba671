// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <memory>
#include <optional>

namespace sotto::service {

/// A process as polkit names it.
struct ProcessSubject {
    quint32 pid = 0;
    quint64 startTime = 0; ///< since boot, in the kernel's ticks; 0: polkit is to look it up
    quint32 user = 0;
};

/// The process that opened a connection, held by a descriptor of its own (pidfd), so that its
/// number cannot mean another process unnoticed: what is read of a number holds if the process is
/// alive afterwards.
///
/// Where /proc hides the processes of other users (hidepid, as ProtectProc=invisible does to a
/// service), nothing can be read of a number, and the descriptor alone must do. It does: polkit is
/// told who connected, which the kernel said, so that a set-user-ID program that the peer has
/// become gains nothing; it finds out by the number only in which session that process is and when
/// it started, and both are of the peer, since the descriptor shows that it lived on until the
/// answer. Only where the kernel gives no descriptor with the socket (before 6.5) can a peer that
/// ended before it was accepted leave its number to another process, which is then asked about in
/// the name of the user who connected.
class PeerProcess {
public:
    /// Nothing where the system cannot tell, or the process has ended.
    static std::shared_ptr<const PeerProcess> ofSocket(qintptr socketDescriptor);
    /// The one that has this number now, for a user who connected.
    static std::shared_ptr<const PeerProcess> ofNumber(qint64 pid, quint32 user);
    ~PeerProcess();

    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;

    bool isAlive() const;
    /// Nothing once it has ended, or runs as another user than the one who connected.
    std::optional<ProcessSubject> subject() const;

private:
    PeerProcess(int descriptor, quint32 pid, quint32 user);

    int m_descriptor;
    quint32 m_pid;
    quint32 m_user;
};

} // namespace sotto::service
