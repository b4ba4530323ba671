// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_entry.h"

#include <cstdlib>
#include <mutex>
#include <vector>

namespace sotto::engine {

/// What a look-up needs of the configuration, in the form in which it is used.
struct CacheHabits {
    std::uint32_t staleKeep = 0; ///< seconds that an expired answer may be used; 0: never
    std::uint32_t staleTtl = 30; ///< what clients are told then
    std::uint32_t recheck = 0;   ///< seconds between a failed refresh and the next
    std::uint32_t prefetchGap = 60;
    std::uint8_t prefetchHits = 0; ///< 0: nothing is prefetched
    std::uint8_t prefetchPercentage = 10;
    bool staleAtOnce = false; ///< an expired answer is given before the upstreams were asked
    bool preferPositive = false;
    bool keepTtl = false;
};

CacheHabits habitsOf(const CacheConfig& config);

/// One part of the cache: a table of entries under a lock of its own, bounded in bytes, with
/// second-chance eviction. Every member but the lock is used while it is held.
struct alignas(64) CacheShard {
    static constexpr std::size_t kFewestBuckets = 8; // a power of two, as all sizes of the table

    mutable std::mutex mutex;
    std::vector<CacheEntry*> buckets = std::vector<CacheEntry*>(kFewestBuckets);
    CacheHabits habits;
    std::size_t entries = 0;
    std::size_t entryBytes = 0;
    std::size_t capacity = 0;
    std::size_t hand = 0;
    std::uint64_t evictions = 0;

    ~CacheShard() { clear(); }

    std::size_t bytes() const { return entryBytes + buckets.size() * sizeof(CacheEntry*); }

    CacheEntry* find(const Question& question) const;
    /// Puts an entry in the place of an earlier one. Where the earlier one is preferred it stays,
    /// is not asked anew for a while, and entry is freed; gives whether. entry is freed as well
    /// where its lifetime is 0 or it is too large.
    bool insert(CacheEntry* entry, const Question& question, std::uint32_t now);

    std::size_t clear();
    /// Changes the bound; evicts at once where there is too much.
    void setCapacity(std::size_t bound, std::uint32_t now);

    template <class Predicate>
    std::size_t removeIf(Predicate&& predicate) {
        const std::size_t before = entries;
        for (CacheEntry*& head : buckets) {
            for (CacheEntry** at = &head; *at;) {
                if (predicate(**at))
                    unlink(at);
                else
                    at = &(*at)->next;
            }
        }
        return before - entries;
    }

private:
    static constexpr std::size_t kLargestShare = 2;

    std::size_t bucketOf(std::uint32_t hash) const { return hash & (buckets.size() - 1); }
    CacheEntry** linkTo(const Question& question);
    void unlink(CacheEntry** link);
    void link(CacheEntry* entry);
    void resizeTable(std::size_t size);
    void makeRoom(std::uint32_t now);
    bool prefersKept(const CacheEntry& old, const CacheEntry& fresh, std::uint32_t now) const;
};

} // namespace sotto::engine
