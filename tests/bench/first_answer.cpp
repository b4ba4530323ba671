// SPDX-License-Identifier: GPL-3.0-or-later
#include "first_answer.h"

#include "loopback_socket.h"
#include "query_load.h"

#include <array>
#include <thread>

#include <sys/socket.h>

namespace sotto::bench {

namespace {

constexpr auto kPatience = std::chrono::seconds(10);
// A closed port says so at once. The first question to an open one may still be lost, so that
// another one follows; an answer to any of them counts.
constexpr auto kAskAgain = std::chrono::milliseconds(25);
constexpr auto kBetweenTries = std::chrono::microseconds(100);

/// Whether an answer without an error came.
bool receiveGoodAnswer(const LoopbackSocket& socket) {
    std::array<unsigned char, 2048> answer{};
    const auto octets = ::recv(socket.descriptor(), answer.data(), answer.size(), MSG_DONTWAIT);
    return octets >= 12 && (answer[2] & 0x80) != 0 && (answer[3] & 0x0f) == 0;
}

} // namespace

std::chrono::nanoseconds timeToFirstAnswer(std::uint16_t port,
                                           std::chrono::steady_clock::time_point start,
                                           const std::function<bool()>& running) {
    const LoopbackSocket socket(port);
    const auto queries = makeQueries("first", 1000);
    std::size_t next = 0;
    while (std::chrono::steady_clock::now() < start + kPatience && running()) {
        const Datagram& query = queries[next++ % queries.size()];
        ::send(socket.descriptor(), query.data(), query.size(), 0);
        if (socket.readable(kAskAgain) && receiveGoodAnswer(socket))
            return std::chrono::steady_clock::now() - start;
        std::this_thread::sleep_for(kBetweenTries);
    }
    return std::chrono::nanoseconds::zero();
}

} // namespace sotto::bench
