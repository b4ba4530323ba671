// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in_keeper.h"

#include <QFile>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sotto::test {

namespace {

void wake(int descriptor) {
    const std::uint64_t one = 1;
    if (::write(descriptor, &one, sizeof one) != sizeof one)
        qFatal("the stand-in keeper cannot be woken");
}

} // namespace

StandInKeeper::StandInKeeper(QString path)
    : m_path(std::move(path)) {}

StandInKeeper::~StandInKeeper() {
    stop();
}

void StandInKeeper::start() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(m_path);
    if (static_cast<std::size_t>(name.size()) >= sizeof address.sun_path)
        qFatal("%s is too long", name.constData());
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    m_listener = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    m_wake = ::eventfd(0, EFD_CLOEXEC);
    if (m_listener < 0 || m_wake < 0 ||
        ::bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(m_listener, 16) != 0)
        qFatal("the stand-in keeper cannot listen on %s", name.constData());
    m_ending = false;
    m_thread = std::thread([this] { serve(); });
}

void StandInKeeper::stop() {
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    wake(m_wake);
    m_thread.join();
    ::close(m_listener);
    ::close(m_wake);
    QFile::remove(m_path);
}

void StandInKeeper::setAnswer(Answer answer) {
    const std::lock_guard lock(m_mutex);
    m_answer = std::move(answer);
}

void StandInKeeper::tell(const QByteArray& packet) {
    {
        const std::lock_guard lock(m_mutex);
        m_toTell.push_back(packet);
    }
    wake(m_wake);
}

std::vector<lease::Request> StandInKeeper::requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

int StandInKeeper::count(lease::Verb verb) const {
    const auto all = requests();
    return static_cast<int>(std::ranges::count(all, verb, &lease::Request::verb));
}

lease::Request StandInKeeper::lastRequest() const {
    const std::lock_guard lock(m_mutex);
    return m_requests.empty() ? lease::Request{} : m_requests.back();
}

void StandInKeeper::serve() {
    for (bool ending = false; !ending;) {
        std::vector<pollfd> waits{{m_listener, POLLIN, 0}, {m_wake, POLLIN, 0}};
        for (const int client : m_clients)
            waits.push_back({client, POLLIN, 0});
        ::poll(waits.data(), waits.size(), -1);
        if (waits[0].revents != 0)
            m_clients.push_back(::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC));
        if (waits[1].revents != 0) {
            std::uint64_t count = 0;
            (void)!::read(m_wake, &count, sizeof count);
            const std::lock_guard lock(m_mutex);
            ending = m_ending;
            for (const QByteArray& packet : std::exchange(m_toTell, {})) {
                for (const int client : m_clients)
                    ::send(client, packet.constData(), static_cast<std::size_t>(packet.size()),
                           MSG_NOSIGNAL);
            }
        }
        for (std::size_t i = 2; i < waits.size(); ++i) {
            if (waits[i].revents != 0 && !receive(waits[i].fd)) {
                ::close(waits[i].fd);
                std::erase(m_clients, waits[i].fd);
            }
        }
        m_connections = static_cast<int>(m_clients.size());
    }
    for (const int client : m_clients)
        ::close(client);
    m_clients.clear();
    m_connections = 0;
}

bool StandInKeeper::receive(int client) {
    std::array<char, lease::kMaxPacket> buffer;
    const auto octets = ::recv(client, buffer.data(), buffer.size(), 0);
    if (octets <= 0)
        return false;
    const QByteArray packet(buffer.data(), octets);
    lease::Request request;
    QString reason;
    if (!json::fromJson(QJsonDocument::fromJson(packet).object(), request, reason))
        qFatal("a request that cannot be read: %s", packet.constData());
    Answer answer;
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
        answer = m_answer;
    }
    for (const QByteArray& reply : answer(request)) {
        if (reply.isEmpty())
            return false; // ends the connection
        ::send(client, reply.constData(), static_cast<std::size_t>(reply.size()), MSG_NOSIGNAL);
    }
    return true;
}

std::vector<QByteArray> StandInKeeper::obey(const lease::Request& request) {
    using lease::State;
    switch (request.verb) {
    case lease::Verb::Describe:
        return {packet(report(State::Free))};
    case lease::Verb::Apply:
        return {packet(report(State::Taking, request)), packet(report(State::Held, request))};
    case lease::Verb::Restore:
        return {packet(report(State::GivingBack)), packet(report(State::Free))};
    }
    return {};
}

lease::Report StandInKeeper::report(lease::State state, const lease::Request& request) {
    lease::Report report;
    report.state = state;
    report.mechanisms = QStringList{"file"};
    report.addresses = request.addresses;
    report.port = request.addresses.isEmpty() ? 0 : request.port;
    report.interfaces = QStringList{"veth0"};
    report.ipv4 = true;
    report.findings = {{"systemd-resolved", false, false, "systemd-resolved is not running"},
                       {"file", true, true, "nothing else writes /etc/resolv.conf"}};
    return report;
}

QByteArray StandInKeeper::packet(const lease::Report& report) {
    return QJsonDocument(json::toJson(report).toObject()).toJson(QJsonDocument::Compact);
}

} // namespace sotto::test
