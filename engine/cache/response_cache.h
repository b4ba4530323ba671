// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/question.h"
#include "wire/upstream_response.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace sotto::engine {

/// Responses as wire bytes, bounded in bytes over all (entries with their allocation overhead and
/// the tables), shared by all threads.
///
/// A look-up locks one of many shards, and only to find the entry and copy it into the caller's
/// buffer; it writes nothing but that entry's mark of having been used. A full shard evicts by
/// second chance: entries that were used since the hand last passed stay, expired ones go first
/// whenever it passes.
class ResponseCache {
public:
    explicit ResponseCache(std::size_t capacityBytes);
    ~ResponseCache();

    ResponseCache(const ResponseCache&) = delete;
    ResponseCache& operator=(const ResponseCache&) = delete;

    /// Copies the response to question into out, with every TTL lowered by its age and never below
    /// 0, and gives its size; 0 where there is none that is fresh. Of a response that is larger
    /// than out only the beginning is copied. nowSeconds is of the boot clock.
    std::size_t copyFresh(const Question& question, std::uint32_t nowSeconds, MutableBytes out);

    /// Keeps a response for lifetimeSeconds (> 0), in the place of an earlier one. One that would
    /// take more than half a shard is not kept.
    void insert(const Question& question, const UpstreamResponse& response,
                std::uint32_t nowSeconds, std::uint32_t lifetimeSeconds);

    /// Each gives how many entries it forgot.
    std::size_t clear();
    std::size_t removeName(Bytes name);

    /// Changes the bound; evicts at once where there is too much.
    void setCapacity(std::size_t capacityBytes, std::uint32_t nowSeconds);

    struct Usage {
        std::uint64_t entries = 0;
        std::uint64_t bytes = 0;
        std::uint64_t capacityBytes = 0;
        std::uint64_t evictions = 0;
    };
    Usage usage() const;

private:
    struct Entry;
    struct Shard;
    static constexpr std::size_t kShards = 64;
    static constexpr std::size_t kLargestShare = 2;

    Shard& shardOf(const Question& question) const;

    std::unique_ptr<Shard[]> m_shards;
};

} // namespace sotto::engine
