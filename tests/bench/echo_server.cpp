// SPDX-License-Identifier: GPL-3.0-or-later
#include "echo_server.h"

#include <array>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

constexpr unsigned char kResponseBit = 0x80;

/// A socket bound to the port on loopback; -1 where it cannot be.
int boundSocket(int type, std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    constexpr int kOn = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

void echoDatagrams(int descriptor) {
    constexpr unsigned kBatch = 64;
    constexpr int kReceiveBuffer = 4 << 20;
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    static std::array<std::array<unsigned char, 2048>, kBatch> buffers;
    std::array<sockaddr_in, kBatch> peers{};
    std::array<iovec, kBatch> parts{};
    std::array<mmsghdr, kBatch> messages{};
    for (;;) {
        for (unsigned i = 0; i < kBatch; ++i) {
            parts[i] = {buffers[i].data(), buffers[i].size()};
            messages[i].msg_hdr = {};
            messages[i].msg_hdr.msg_name = &peers[i];
            messages[i].msg_hdr.msg_namelen = sizeof peers[i];
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        const int received = ::recvmmsg(descriptor, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
        if (received <= 0) {
            pollfd waiting{descriptor, POLLIN, 0};
            ::poll(&waiting, 1, -1);
            continue;
        }
        for (unsigned i = 0; i < static_cast<unsigned>(received); ++i) {
            buffers[i][2] |= kResponseBit;
            parts[i].iov_len = messages[i].msg_len;
        }
        ::sendmmsg(descriptor, messages.data(), static_cast<unsigned>(received), MSG_DONTWAIT);
    }
}

/// Sets the response bit of every whole message and gives the octets that these take.
std::size_t answerWholeMessages(std::vector<unsigned char>& octets) {
    std::size_t at = 0;
    while (octets.size() - at >= 2) {
        const std::size_t length = static_cast<std::size_t>(octets[at] << 8 | octets[at + 1]);
        if (octets.size() - at - 2 < length)
            break;
        if (length > 2)
            octets[at + 4] |= kResponseBit;
        at += 2 + length;
    }
    return at;
}

/// All that one read brought is answered by one write.
class EchoConnection {
public:
    explicit EchoConnection(int descriptor)
        : m_descriptor(descriptor) {}

    /// False once the client has gone.
    bool echo() {
        std::array<unsigned char, 65536> chunk;
        const auto received = ::recv(m_descriptor, chunk.data(), chunk.size(), 0);
        if (received <= 0) {
            ::close(m_descriptor);
            return false;
        }
        m_octets.insert(m_octets.end(), chunk.begin(), chunk.begin() + received);
        const std::size_t whole = answerWholeMessages(m_octets);
        for (std::size_t sent = 0; sent < whole;) {
            const auto now =
                ::send(m_descriptor, m_octets.data() + sent, whole - sent, MSG_NOSIGNAL);
            if (now <= 0)
                break;
            sent += static_cast<std::size_t>(now);
        }
        m_octets.erase(m_octets.begin(), m_octets.begin() + static_cast<std::ptrdiff_t>(whole));
        return true;
    }

private:
    int m_descriptor;
    std::vector<unsigned char> m_octets;
};

void echoStreams(int listener) {
    const int waiting = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    ::epoll_ctl(waiting, EPOLL_CTL_ADD, listener, &event);
    std::array<epoll_event, 64> events{};
    for (;;) {
        const int ready = ::epoll_wait(waiting, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < ready; ++i) {
            auto* connection =
                static_cast<EchoConnection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (connection) {
                if (!connection->echo())
                    delete connection;
                continue;
            }
            const int descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (descriptor < 0)
                continue;
            constexpr int kOn = 1;
            ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
            event.data.ptr = new EchoConnection(descriptor);
            ::epoll_ctl(waiting, EPOLL_CTL_ADD, descriptor, &event);
        }
    }
}

} // namespace

bool serveEcho(std::uint16_t port) {
    const int datagrams = boundSocket(SOCK_DGRAM, port);
    const int streams = boundSocket(SOCK_STREAM, port);
    if (datagrams < 0 || streams < 0 || ::listen(streams, 128) != 0)
        return false;
    std::thread([streams] { echoStreams(streams); }).detach();
    echoDatagrams(datagrams);
    return true;
}

} // namespace sotto::bench
