// SPDX-License-Identifier: GPL-3.0-or-later
#include "stranger.h"

#include "protocol/methods.h"

#include <QFile>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include <grp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::test {

namespace {

constexpr int kWaitMillis = 20'000;

/// The child's part. What it got goes on as it is; a line that is a reply has no "method" in it.
[[noreturn]] void talk(const sockaddr_un& address, const std::string& text, Stranger::Until until,
                       const std::string& lastId, int out) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        ::_exit(2);
    static std::array<char, 1 << 20> line; // the beginning of the one that is being read
    std::size_t length = 0;
    std::size_t sent = 0;
    qsizetype got = 0;
    bool isEnough = false;
    while (!isEnough) {
        pollfd wait{socket, static_cast<short>(sent < text.size() ? POLLIN | POLLOUT : POLLIN), 0};
        if (::poll(&wait, 1, kWaitMillis) <= 0)
            ::_exit(3);
        if ((wait.revents & POLLOUT) != 0) {
            const auto octets =
                ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (octets > 0)
                sent += static_cast<std::size_t>(octets);
            else if (errno != EAGAIN)
                break;
        }
        if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) == 0)
            continue;
        static std::array<char, 65536> chunk;
        const auto octets = ::recv(socket, chunk.data(), chunk.size(), 0);
        if (octets == 0 || (octets < 0 && errno != EAGAIN))
            break;
        if (octets < 0)
            continue;
        for (ssize_t done = 0; done < octets;) {
            const auto written =
                ::write(out, chunk.data() + done, static_cast<std::size_t>(octets - done));
            if (written <= 0)
                ::_exit(4);
            done += written;
        }
        for (ssize_t i = 0; i < octets; ++i) {
            const char c = chunk[static_cast<std::size_t>(i)];
            if (c != '\n') {
                if (length + 1 < line.size())
                    line[length++] = c;
                continue;
            }
            line[length] = '\0';
            length = 0;
            if (std::strstr(line.data(), "\"method\":"))
                continue;
            isEnough =
                ++got == until.replies || isEnough || std::strstr(line.data(), lastId.data());
        }
    }
    ::_exit(0);
}

} // namespace

bool becomeStranger(const Person& person) {
    return ::setgroups(person.groups.size(), person.groups.data()) == 0 &&
           ::setresgid(person.group, person.group, person.group) == 0 &&
           ::setresuid(person.user, person.user, person.user) == 0;
}

sockaddr_un unixAddress(const QString& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(path);
    if (static_cast<std::size_t>(name.size()) >= sizeof address.sun_path)
        qFatal("%s is too long", name.constData());
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    return address;
}

Stranger::Stranger(const QString& path, const Person& person, const QByteArrayList& lines,
                   Until until) {
    // All memory is taken before the fork: another thread might hold a lock of the allocator.
    const sockaddr_un address = unixAddress(path);
    const std::string text = (helloLine() + '\n' + lines.join('\n') + '\n').toStdString();
    const std::string lastId = "\"id\":" + std::to_string(until.replyTo) + ",\"jsonrpc\"";
    m_received = ::memfd_create("stranger", MFD_CLOEXEC);
    if (m_received < 0)
        qFatal("no file in memory");
    m_process = ::fork();
    if (m_process != 0)
        return;
    if (!becomeStranger(person))
        ::_exit(1);
    talk(address, text, until, lastId, m_received);
}

Stranger::~Stranger() {
    if (m_process > 0) {
        ::kill(m_process, SIGKILL);
        waitForEnd();
    }
    ::close(m_received);
}

bool Stranger::hasEnded() {
    if (m_process > 0 && ::waitpid(m_process, nullptr, WNOHANG) == m_process)
        m_process = -1;
    return m_process < 0;
}

void Stranger::waitForEnd() {
    if (m_process > 0)
        ::waitpid(m_process, nullptr, 0);
    m_process = -1;
}

QList<QJsonObject> Stranger::messages() const {
    QFile file;
    QByteArray octets;
    if (file.open(m_received, QIODevice::ReadOnly) && file.seek(0))
        octets = file.readAll();
    QList<QJsonObject> messages;
    for (const QByteArray& line : octets.split('\n')) {
        if (!line.isEmpty())
            messages.append(QJsonDocument::fromJson(line).object());
    }
    return messages;
}

QJsonObject Stranger::reply(int id) const {
    for (const QJsonObject& message : messages()) {
        if (message.value("id").toInt() == id && !message.contains("method"))
            return message;
    }
    return {};
}

qsizetype Stranger::replyCount() const {
    const auto all = messages();
    return std::count_if(all.begin(), all.end(),
                         [](const QJsonObject& message) { return !message.contains("method"); });
}

QByteArray Stranger::line(int id, const QString& method, const QJsonObject& params) {
    return QJsonDocument(
               QJsonObject{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}})
        .toJson(QJsonDocument::Compact);
}

QByteArray Stranger::helloLine() {
    return line(1, QLatin1String(protocol::Hello::kName),
                {{"protocol", protocol::kProtocolVersion}, {"client", "stranger"}});
}

} // namespace sotto::test
