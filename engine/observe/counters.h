// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/statistics.h"
#include "observe/type_slots.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>

namespace sotto::engine {

/// A number that one thread raises and any thread reads. Without an interlocked instruction:
/// there is one writer.
class Counter {
public:
    void add(std::uint64_t amount = 1) {
        m_value.store(m_value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }
    std::uint64_t read() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> m_value{0};
};

/// Answer times, written by one thread; DurationHistogram is what a reader gets.
class DurationCounter {
public:
    /// Notes this many answers that took so long.
    void add(std::uint32_t micros, std::uint64_t answers = 1) {
        const auto bucket = static_cast<std::size_t>(std::bit_width(micros | 1U) - 1);
        m_counts[std::min(bucket, DurationHistogram::kBuckets - 1)].add(answers);
    }
    void addTo(DurationHistogram& histogram) const {
        for (std::size_t i = 0; i < DurationHistogram::kBuckets; ++i)
            histogram.counts[i] += m_counts[i].read();
    }

private:
    std::array<Counter, DurationHistogram::kBuckets> m_counts;
};

/// One thread's share of Statistics. Aligned so that two threads never write one cache line.
struct alignas(64) Counters {
    Counter queriesUdp;
    Counter queriesTcp;
    Counter queriesInternal;
    Counter cacheHits;
    Counter cacheMisses;
    Counter staleAnswers;
    Counter prefetches;
    Counter localAnswers;
    Counter coalesced;
    Counter upstreamQueries;
    Counter racedQueries;
    Counter upstreamFailures;
    Counter failed;
    Counter refused;
    Counter tooManyAtOnce;
    Counter malformed;
    Counter truncated;
    std::array<Counter, kCountedTypes.size()> queriesByType;
    DurationCounter hitTimes;
    DurationCounter missTimes;

    void addTo(Statistics& sum) const;
    void countType(std::uint16_t type) { queriesByType[typeSlot(type)].add(); }
};

} // namespace sotto::engine
