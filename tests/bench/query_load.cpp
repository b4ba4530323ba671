// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_load.h"

#include "loopback_socket.h"

#include <algorithm>
#include <array>
#include <utility>

#include <sys/socket.h>

namespace sotto::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLost = std::chrono::seconds(1); // nothing came for so long: the rest is lost
constexpr std::size_t kBatch = 32;
constexpr std::size_t kHeader = 12;

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

void judge(const unsigned char* answer, LoadResult& result) {
    ++result.answered;
    result.failed += (answer[3] & 0x0f) != 0;
    result.empty += answer[6] == 0 && answer[7] == 0;
}

/// Waits for at least one answer; gives how many came.
std::size_t receiveBatch(const LoopbackSocket& socket, LoadResult& result) {
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
    const auto count = static_cast<std::size_t>(std::max(received, 0));
    for (std::size_t i = 0; i < count; ++i)
        judge(buffers[i].data(), result);
    return count;
}

/// Keeps window queries in flight while there are some left to ask.
template <class Left>
LoadResult loadUdp(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                   Left left) {
    const LoopbackSocket socket(port);
    LoadResult result;
    std::size_t next = 0;
    std::size_t inFlight = 0;
    const auto start = Clock::now();
    auto last = start;
    while (left(next) > 0 || inFlight > 0) {
        while (inFlight < window) {
            const std::size_t sent = sendBatch(socket.descriptor(), queries, next,
                                               std::min(left(next), window - inFlight));
            inFlight += sent;
            if (sent == 0)
                break;
        }
        const std::size_t received = receiveBatch(socket, result);
        if (received == 0)
            result.lost += std::exchange(inFlight, 0);
        else
            last = Clock::now();
        inFlight -= std::min(received, inFlight);
    }
    result.took = last - start;
    return result;
}

} // namespace

std::vector<Datagram> makeQueries(const std::string& prefix, std::size_t count) {
    // Header with RD and one question and additional record; the rest of the question; the OPT.
    constexpr std::array<unsigned char, 10> kFlagsAndCounts{1, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    constexpr std::array<unsigned char, 15> kTypeClassOpt{0, 1, 0, 1, 0, 0, 41, 16,
                                                          0, 0, 0, 0, 0, 0, 0};
    std::vector<Datagram> queries;
    queries.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Datagram query{static_cast<unsigned char>(i >> 8), static_cast<unsigned char>(i)};
        query.insert(query.end(), kFlagsAndCounts.begin(), kFlagsAndCounts.end());
        for (const std::string& label : {prefix + std::to_string(i), std::string("example"),
                                         std::string("com"), std::string()}) {
            query.push_back(static_cast<unsigned char>(label.size()));
            query.insert(query.end(), label.begin(), label.end());
        }
        query.insert(query.end(), kTypeClassOpt.begin(), kTypeClassOpt.end());
        queries.push_back(std::move(query));
    }
    return queries;
}

LoadResult askOnce(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window) {
    return loadUdp(port, queries, window,
                   [&](std::size_t asked) { return queries.size() - asked; });
}

LoadResult askWithin(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                     std::chrono::milliseconds duration) {
    const auto end = Clock::now() + duration;
    return loadUdp(port, queries, window, [&](std::size_t asked) {
        return Clock::now() < end ? queries.size() - asked : std::size_t{0};
    });
}

LoadResult saturate(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                    std::chrono::milliseconds duration) {
    const auto end = Clock::now() + duration;
    return loadUdp(port, queries, window,
                   [&](std::size_t) { return Clock::now() < end ? window : std::size_t{0}; });
}

LoadResult paceUdp(std::uint16_t port, const std::vector<Datagram>& queries, int perSecond,
                   std::chrono::milliseconds duration) {
    const LoopbackSocket socket(port);
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
        if (octets >= static_cast<ssize_t>(kHeader)) {
            const auto id = static_cast<std::size_t>(answer[0] << 8 | answer[1]);
            result.latencyMicros.push_back(
                std::chrono::duration<double, std::micro>(Clock::now() - sentAt[id]).count());
            judge(answer.data(), result);
        } else if (sent == total && now > start + duration + kLost) {
            break;
        }
    }
    result.lost = total - result.answered;
    result.took = Clock::now() - start;
    std::sort(result.latencyMicros.begin(), result.latencyMicros.end());
    return result;
}

} // namespace sotto::bench
