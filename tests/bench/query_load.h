// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::bench {

using Datagram = std::vector<unsigned char>;

/// Queries for PREFIX0.example.com, PREFIX1.example.com and so on, of type A, each with an OPT; but
/// for their IDs the same octets as dnsperf's, because some caches tell queries apart by them.
std::vector<Datagram> makeQueries(const std::string& prefix, std::size_t count);

struct LoadResult {
    std::size_t answered = 0;
    std::size_t lost = 0;
    std::size_t failed = 0;            ///< answered with another code than NOERROR
    std::size_t empty = 0;             ///< answered without a record
    std::chrono::nanoseconds took{0};  ///< until the last answer
    std::vector<double> latencyMicros; ///< sorted; of a paced load only
};

/// Asks each query once over UDP, with at most window of them in flight.
LoadResult askOnce(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window);

/// Asks each query once over UDP, as far as duration reaches, with window of them in flight.
LoadResult askWithin(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                     std::chrono::milliseconds duration);

/// Keeps window queries in flight over UDP until duration is over, in batches: more than dnsperf
/// can send.
LoadResult saturate(std::uint16_t port, const std::vector<Datagram>& queries, std::size_t window,
                    std::chrono::milliseconds duration);

/// Sends perSecond queries a second over UDP, evenly, and notes how long each answer takes.
LoadResult paceUdp(std::uint16_t port, const std::vector<Datagram>& queries, int perSecond,
                   std::chrono::milliseconds duration);

} // namespace sotto::bench
