// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/query_record.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace sotto::engine {

/// Query records on their way from one thread of the engine to the one reader. A full ring drops
/// the new record and counts it: the log never slows a query down.
///
/// claim(), publish() and push() belong to the producing thread, read() to the reader. available is
/// called by publish() once, and again only after the next read().
class RecordRing {
public:
    static constexpr std::size_t kCapacity = 4096; // a power of two

    explicit RecordRing(std::function<void()> available);

    /// The place of the next record, whose old contents the caller overwrites; null where the ring
    /// is full, which is counted.
    QueryRecord* claim();
    /// Hands over what was claimed since the last call.
    void publish();
    /// One record at once.
    void push(const QueryRecord& record);

    void read(std::vector<QueryRecord>& out);
    std::uint64_t dropped() const { return m_dropped.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t kBlock = 256;

    QueryRecord& slot(std::uint64_t number) {
        return m_blocks[number / kBlock % m_blocks.size()][number % kBlock];
    }
    void drop() { m_dropped.store(dropped() + 1, std::memory_order_relaxed); }

    std::function<void()> m_available;
    /// Made by the producer when it first comes to them: an idle ring takes up no memory.
    std::array<std::unique_ptr<QueryRecord[]>, kCapacity / kBlock> m_blocks;
    alignas(64) std::atomic<std::uint64_t> m_written{0};
    std::uint64_t m_claimed = 0;  ///< the producer's own
    std::uint64_t m_readSeen = 0; ///< m_read as the producer last saw it
    std::atomic<std::uint64_t> m_dropped{0};
    std::atomic<bool> m_announced{false};
    alignas(64) std::atomic<std::uint64_t> m_read{0};
};

} // namespace sotto::engine
