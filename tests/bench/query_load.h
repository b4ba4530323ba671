// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::bench {

using Datagram = std::vector<unsigned char>;

/// Queries for PREFIX0.bench.test, PREFIX1.bench.test and so on, of type A, each with an OPT.
std::vector<Datagram> makeQueries(const std::string& prefix, std::size_t count);

struct LoadResult {
    std::size_t answered = 0;
    std::size_t lost = 0;
    std::size_t failed = 0; ///< answered with another code than NOERROR
    std::chrono::nanoseconds took{0};
    std::vector<double> latencyMicros; ///< sorted; of a paced load only
};

/// Keeps window queries in flight over UDP until duration is over or, where once is set, each has
/// been asked.
LoadResult loadUdp(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                   std::chrono::milliseconds duration, bool once);

/// Sends perSecond queries a second, evenly, and notes how long each answer takes.
LoadResult paceUdp(std::uint16_t port, const std::vector<Datagram>& queries, int perSecond,
                   std::chrono::milliseconds duration);

/// Keeps window queries in flight on one TCP connection.
LoadResult loadTcp(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                   std::chrono::milliseconds duration);

/// Asks until the first answer comes; the time since start, or zero after a second.
std::chrono::nanoseconds timeToFirstAnswer(std::uint16_t port, const Datagram& query,
                                           std::chrono::steady_clock::time_point start);

} // namespace sotto::bench
