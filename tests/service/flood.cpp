// SPDX-License-Identifier: GPL-3.0-or-later
#include "flood.h"

#include "stranger.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::test {

Flood::Flood(const QString& path, uid_t user, const QByteArrayList& lines) {
    // All memory is taken before the fork: another thread might hold a lock of the allocator.
    const sockaddr_un address = unixAddress(path);
    const std::string text = (Stranger::helloLine() + '\n' + lines.join('\n') + '\n').toStdString();
    const std::string endless(1 << 20, '[');
    if (::pipe2(m_alive, O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("no pipe");
    m_process = ::fork();
    if (m_process != 0)
        return;
    if (!becomeStranger({user, user, {}}))
        ::_exit(1);
    constexpr std::size_t kConnections = 16;
    int connections[kConnections];
    std::fill_n(connections, kConnections, -1);
    for (std::size_t i = 0;; i = (i + 1) % kConnections) {
        int& connection = connections[i];
        if (connection < 0) {
            connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
            (void)!::connect(connection, reinterpret_cast<const sockaddr*>(&address),
                             sizeof address);
        }
        const std::string& octets = i % 2 == 0 ? text : endless;
        if (::send(connection, octets.data(), octets.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
            ::close(connection);
            connection = -1;
        }
        if (i == 0) {
            (void)!::write(m_alive[1], "x", 1);
            ::poll(nullptr, 0, 1); // the others are to have a processor, too
        }
    }
}

Flood::~Flood() {
    ::kill(m_process, SIGKILL);
    ::waitpid(m_process, nullptr, 0);
    ::close(m_alive[0]);
    ::close(m_alive[1]);
}

bool Flood::isFlooding() const {
    std::array<char, 4096> seen;
    while (::read(m_alive[0], seen.data(), seen.size()) > 0) {
    }
    pollfd more{m_alive[0], POLLIN, 0};
    return ::poll(&more, 1, 5000) == 1;
}

qint64 residentKiB(qint64 pid) {
    QFile file(QStringLiteral("/proc/%1/status").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).simplified().split(' ').first().toLongLong();
    }
    return -1;
}

bool isSanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

} // namespace sotto::test
