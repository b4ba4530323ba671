// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/peer_process.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QFile>

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sotto::service {

namespace {

constexpr int kPeerPidfd = 77; // SO_PEERPIDFD, Linux 6.5, not in every system's headers

QByteArray contentOf(quint32 pid, const char* name) {
    QFile file(QStringLiteral("/proc/%1/%2").arg(pid).arg(QLatin1String(name)));
    return file.open(QIODevice::ReadOnly) ? file.read(8192) : QByteArray();
}

/// Field 22 of stat (proc(5)); the program's name in field 2 may contain anything. 0 where /proc
/// does not show the process.
quint64 startTime(quint32 pid) {
    const QByteArray stat = contentOf(pid, "stat");
    const QByteArrayList fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    constexpr qsizetype kPlace = 22 - 3;
    return fields.size() > kPlace ? fields[kPlace].toULongLong() : 0;
}

/// Whether every user ID of the process is that one. A set-user-ID program that a peer has become
/// is not the peer any more. True where /proc does not show the process.
bool runsAs(quint32 pid, quint32 user) {
    for (const QByteArray& line : contentOf(pid, "status").split('\n')) {
        if (!line.startsWith("Uid:"))
            continue;
        for (const QByteArray& number : line.mid(4).simplified().split(' ')) {
            if (number.toUInt() != user)
                return false;
        }
    }
    return true;
}

} // namespace

std::shared_ptr<const PeerProcess> PeerProcess::ofSocket(qintptr socketDescriptor) {
    const auto socket = static_cast<int>(socketDescriptor);
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 ||
        credentials.pid <= 0)
        return nullptr;
    int descriptor = -1;
    size = sizeof descriptor;
    if (::getsockopt(socket, SOL_SOCKET, kPeerPidfd, &descriptor, &size) != 0)
        return ofNumber(credentials.pid, credentials.uid);
    return std::shared_ptr<const PeerProcess>(
        new PeerProcess(descriptor, static_cast<quint32>(credentials.pid), credentials.uid));
}

std::shared_ptr<const PeerProcess> PeerProcess::ofNumber(qint64 pid, quint32 user) {
    const auto descriptor = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0));
    if (descriptor < 0)
        return nullptr;
    return std::shared_ptr<const PeerProcess>(
        new PeerProcess(descriptor, static_cast<quint32>(pid), user));
}

PeerProcess::PeerProcess(int descriptor, quint32 pid, quint32 user)
    : m_descriptor(descriptor)
    , m_pid(pid)
    , m_user(user) {}

PeerProcess::~PeerProcess() {
    ::close(m_descriptor);
}

bool PeerProcess::isAlive() const {
    pollfd end{m_descriptor, POLLIN, 0};
    return ::poll(&end, 1, 0) == 0;
}

std::optional<ProcessSubject> PeerProcess::subject() const {
    const ProcessSubject subject{m_pid, startTime(m_pid), m_user};
    if (!runsAs(m_pid, m_user) || !isAlive())
        return std::nullopt;
    return subject;
}

} // namespace sotto::service
