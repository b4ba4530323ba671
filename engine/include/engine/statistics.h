// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::engine {

/// Answer times in power-of-two buckets: bucket i counts times in [2^i, 2^(i+1)) microseconds,
/// bucket 0 also those below one microsecond, the last one all that are longer.
struct DurationHistogram {
    static constexpr std::size_t kBuckets = 24;
    std::array<std::uint64_t, kBuckets> counts{};

    std::uint64_t total() const;
    /// The time in microseconds under which the given share (0…1) of answers lies, interpolated
    /// within its bucket; 0 where nothing was counted.
    double quantileMicros(double share) const;
    DurationHistogram& operator+=(const DurationHistogram& other);
};

/// Counters since the engine started, summed over its threads at the moment of reading.
struct Statistics {
    std::uint64_t queriesUdp = 0;
    std::uint64_t queriesTcp = 0;
    std::uint64_t queriesInternal = 0; ///< asked through Engine::resolve()
    /// Queries of one type. Types without a counter of their own are summed under type 0.
    struct TypeCount {
        std::uint16_t type = 0;
        std::uint64_t queries = 0;
    };
    std::vector<TypeCount> queriesByType; ///< by type, ascending; only those that were asked
    std::uint64_t cacheHits = 0;          ///< answered from the cache, stale ones included
    std::uint64_t cacheMisses = 0;        ///< that the upstreams answered, or nobody did
    std::uint64_t staleAnswers = 0;       ///< of the hits, those with an expired answer (RFC 8767)
    std::uint64_t prefetches = 0;         ///< answers asked anew before or after their expiry
    std::uint64_t localAnswers = 0;       ///< special names, answered here
    std::uint64_t coalesced = 0;          ///< misses that joined a question already in flight
    std::uint64_t upstreamQueries = 0;    ///< messages sent to upstreams, retries included
    std::uint64_t racedQueries = 0;       ///< of these, second ones under Policy::Race
    std::uint64_t upstreamFailures = 0;   ///< attempts that ended without a usable answer
    std::uint64_t failed = 0;             ///< SERVFAIL made here
    std::uint64_t refused = 0;            ///< answered REFUSED because forwarding is off
    std::uint64_t tooManyAtOnce = 0;      ///< answered REFUSED because of maxConcurrent
    std::uint64_t malformed = 0;          ///< dropped, or answered FORMERR, NOTIMP or BADVERS
    std::uint64_t truncated = 0;          ///< UDP answers sent with TC
    std::uint64_t recordsDropped = 0;     ///< query records lost because nobody read them in time
    std::uint64_t cacheEntries = 0;
    std::uint64_t cacheBytes = 0;
    std::uint64_t cacheCapacityBytes = 0;
    std::uint64_t cacheEvictions = 0;
    DurationHistogram hitTimes;
    DurationHistogram missTimes;

    std::uint64_t queries() const { return queriesUdp + queriesTcp + queriesInternal; }
};

} // namespace sotto::engine
