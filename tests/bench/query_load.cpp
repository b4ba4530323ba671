// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_load.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLost = std::chrono::seconds(1); // nothing came for so long: the rest is lost
constexpr std::size_t kBatch = 32;

/// A connected loopback socket that closes itself.
class Socket {
public:
    Socket(int type, std::uint16_t port)
        : m_descriptor(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
        constexpr int kReceiveBuffer = 4 << 20;
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_connected =
            ::connect(m_descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~Socket() { ::close(m_descriptor); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int descriptor() const { return m_descriptor; }
    bool connected() const { return m_connected; }
    bool readable(std::chrono::milliseconds patience) const {
        pollfd waiting{m_descriptor, POLLIN, 0};
        return ::poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
    }

private:
    int m_descriptor;
    bool m_connected = false;
};

std::size_t sendBatch(int descriptor, const std::vector<Datagram>& queries, std::size_t& next,
                      std::size_t count) {
    std::array<mmsghdr, kBatch> messages{};
    std::array<iovec, kBatch> parts{};
    count = std::min(count, kBatch);
    for (std::size_t i = 0; i < count; ++i) {
        const Datagram& query = queries[(next + i) % queries.size()];
        parts[i] = {const_cast<unsigned char*>(query.data()), query.size()};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = ::sendmmsg(descriptor, messages.data(), static_cast<unsigned>(count), 0);
    next += static_cast<std::size_t>(std::max(sent, 0));
    return static_cast<std::size_t>(std::max(sent, 0));
}

/// Waits for at least one answer; gives how many came.
std::size_t receiveBatch(const Socket& socket, std::size_t& failed) {
    static std::array<std::array<unsigned char, 2048>, kBatch> buffers;
    std::array<mmsghdr, kBatch> messages{};
    std::array<iovec, kBatch> parts{};
    for (std::size_t i = 0; i < kBatch; ++i) {
        parts[i] = {buffers[i].data(), buffers[i].size()};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int received = ::recvmmsg(socket.descriptor(), messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (received < 0 && socket.readable(kLost))
        received = ::recvmmsg(socket.descriptor(), messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < received; ++i)
        failed += (buffers[static_cast<std::size_t>(i)][3] & 0x0f) != 0;
    return static_cast<std::size_t>(std::max(received, 0));
}

} // namespace

std::vector<Datagram> makeQueries(const std::string& prefix, std::size_t count) {
    std::vector<Datagram> queries;
    queries.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Datagram query{static_cast<unsigned char>(i >> 8),
                       static_cast<unsigned char>(i),
                       1,
                       0,
                       0,
                       1,
                       0,
                       0,
                       0,
                       0,
                       0,
                       1};
        for (const std::string& label : {prefix + std::to_string(i), std::string("bench"),
                                         std::string("test"), std::string()}) {
            query.push_back(static_cast<unsigned char>(label.size()));
            query.insert(query.end(), label.begin(), label.end());
        }
        for (const int octet : {0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0})
            query.push_back(static_cast<unsigned char>(octet));
        queries.push_back(std::move(query));
    }
    return queries;
}

LoadResult loadUdp(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                   std::chrono::milliseconds duration, bool once) {
    const Socket socket(SOCK_DGRAM, port);
    LoadResult result;
    std::size_t next = 0;
    std::size_t inFlight = 0;
    const auto start = Clock::now();
    const auto end = start + duration;
    const auto mayAsk = [&] { return once ? next < queries.size() : Clock::now() < end; };
    while (mayAsk() || inFlight > 0) {
        while (inFlight < window && mayAsk()) {
            const std::size_t left = once ? queries.size() - next : window;
            const std::size_t sent =
                sendBatch(socket.descriptor(), queries, next, std::min(left, window - inFlight));
            inFlight += sent;
            if (sent == 0)
                break;
        }
        const std::size_t received = receiveBatch(socket, result.failed);
        if (received == 0) {
            result.lost += std::exchange(inFlight, 0);
            continue;
        }
        result.answered += received;
        inFlight -= std::min(received, inFlight);
    }
    result.took = Clock::now() - start;
    return result;
}

LoadResult paceUdp(std::uint16_t port, const std::vector<Datagram>& queries, int perSecond,
                   std::chrono::milliseconds duration) {
    const Socket socket(SOCK_DGRAM, port);
    LoadResult result;
    const auto step = std::chrono::nanoseconds(std::chrono::seconds(1)) / perSecond;
    std::vector<Clock::time_point> sentAt(65536);
    std::array<unsigned char, 2048> answer{};
    std::size_t sent = 0;
    const auto start = Clock::now();
    const auto total = static_cast<std::size_t>(duration / step);
    while (result.answered < total) {
        const auto now = Clock::now();
        if (sent < total && now >= start + step * static_cast<long>(sent)) {
            Datagram query = queries[sent % queries.size()];
            query[0] = static_cast<unsigned char>(sent >> 8);
            query[1] = static_cast<unsigned char>(sent);
            sentAt[sent & 0xffff] = Clock::now();
            ::send(socket.descriptor(), query.data(), query.size(), 0);
            ++sent;
        }
        const auto octets = ::recv(socket.descriptor(), answer.data(), answer.size(), MSG_DONTWAIT);
        if (octets >= 12) {
            const auto id = static_cast<std::size_t>(answer[0] << 8 | answer[1]);
            result.latencyMicros.push_back(
                std::chrono::duration<double, std::micro>(Clock::now() - sentAt[id]).count());
            ++result.answered;
        } else if (sent == total && now > start + duration + kLost) {
            break;
        }
    }
    result.lost = total - result.answered;
    result.took = Clock::now() - start;
    std::sort(result.latencyMicros.begin(), result.latencyMicros.end());
    return result;
}

LoadResult loadTcp(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                   std::chrono::milliseconds duration) {
    const Socket socket(SOCK_STREAM, port);
    LoadResult result;
    constexpr int kOn = 1;
    ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
    std::vector<unsigned char> input;
    std::vector<unsigned char> output;
    std::array<unsigned char, 65536> chunk{};
    std::size_t next = 0;
    std::size_t inFlight = 0;
    const auto start = Clock::now();
    const auto end = start + duration;
    while (socket.connected() && (Clock::now() < end || inFlight > 0)) {
        output.clear();
        while (inFlight < window && Clock::now() < end) {
            const Datagram& query = queries[next++ % queries.size()];
            output.push_back(static_cast<unsigned char>(query.size() >> 8));
            output.push_back(static_cast<unsigned char>(query.size()));
            output.insert(output.end(), query.begin(), query.end());
            ++inFlight;
        }
        if (!output.empty() && ::send(socket.descriptor(), output.data(), output.size(),
                                      MSG_NOSIGNAL) != static_cast<ssize_t>(output.size()))
            break;
        const auto octets =
            socket.readable(kLost) ? ::recv(socket.descriptor(), chunk.data(), chunk.size(), 0) : 0;
        if (octets <= 0)
            break;
        input.insert(input.end(), chunk.begin(), chunk.begin() + octets);
        std::size_t at = 0;
        while (input.size() - at >= 2) {
            const std::size_t length = static_cast<std::size_t>(input[at] << 8 | input[at + 1]);
            if (input.size() - at - 2 < length)
                break;
            result.failed += (input[at + 5] & 0x0f) != 0;
            ++result.answered;
            --inFlight;
            at += 2 + length;
        }
        input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(at));
    }
    result.lost = inFlight;
    result.took = Clock::now() - start;
    return result;
}

std::chrono::nanoseconds timeToFirstAnswer(std::uint16_t port, const Datagram& query,
                                           std::chrono::steady_clock::time_point start) {
    while (Clock::now() < start + kLost) {
        const Socket socket(SOCK_DGRAM, port);
        std::array<unsigned char, 512> answer{};
        ::send(socket.descriptor(), query.data(), query.size(), 0);
        // A closed port answers at once with an error, an open one with the answer.
        if (socket.readable(std::chrono::milliseconds(50)) &&
            ::recv(socket.descriptor(), answer.data(), answer.size(), 0) >= 12)
            return Clock::now() - start;
    }
    return std::chrono::nanoseconds::zero();
}

} // namespace sotto::bench
