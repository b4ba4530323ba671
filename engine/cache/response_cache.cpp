// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/response_cache.h"

#include "cache/cache_shard.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace sotto::engine {

namespace {

/// A refresh that was handed over and never came back may be tried again after this long.
constexpr std::uint32_t kRefreshPatience = 10;

/// Counts a hit on a fresh entry; true where it has become so popular, and so old, that it should
/// be asked anew.
bool wantsPrefetch(CacheEntry& entry, const CacheHabits& habits, std::uint32_t now) {
    if (now > entry.lastHit) { // another thread's batch may have begun a second earlier
        if (now - entry.lastHit >= habits.prefetchGap)
            entry.hits = 0;
        entry.lastHit = now;
    }
    if (entry.hits < CacheEntry::kMostHits)
        ++entry.hits;
    const std::uint64_t share = std::uint64_t{entry.lifetime} * habits.prefetchPercentage;
    return entry.hits >= habits.prefetchHits && entry.kind != AnswerKind::Failure &&
           entry.lifetime - entry.age(now) <= (share + 99) / 100;
}

/// Allows one refresh at a time.
bool claimRefresh(CacheEntry& entry, std::uint32_t now) {
    if (now < entry.nextRefresh)
        return false;
    entry.nextRefresh = now + kRefreshPatience;
    entry.refreshFailed = false; // an earlier one; this one is under way
    return true;
}

void lowerTtls(CacheEntry& entry, std::uint32_t age, MutableBytes copied) {
    const std::uint16_t* offsets = entry.ttlOffsets();
    for (unsigned i = 0; i < entry.ttlCount && offsets[i] + 4U <= copied.size(); ++i) {
        std::uint8_t* ttl = &copied[offsets[i]];
        const std::uint32_t left = load32(ttl);
        store32(ttl, left > age ? left - age : 0);
    }
}

/// RFC 8767 §4: a TTL of its own; and what was validated once is not said to be so any more.
void markStale(CacheEntry& entry, std::uint32_t ttlSeconds, MutableBytes copied) {
    const std::uint16_t* offsets = entry.ttlOffsets();
    for (unsigned i = 0; i < entry.ttlCount && offsets[i] + 4U <= copied.size(); ++i)
        store32(&copied[offsets[i]], ttlSeconds);
    if (copied.size() >= kHeaderOctets)
        store16(&copied[2], static_cast<std::uint16_t>(load16(&copied[2]) & ~flag::kAuthenticData));
}

std::uint16_t staleError(const CacheEntry& entry) {
    return (load16(entry.wire() + 2) & flag::kRcodeMask) == rcode::kNxDomain
               ? extended_error::kStaleNxDomain
               : extended_error::kStaleAnswer;
}

/// Null where there is no memory: a cache may forget.
CacheEntry* makeEntry(const Question& question, const UpstreamResponse& response, AnswerKind kind,
                      std::uint32_t storedAt, std::uint32_t lifetime) {
    const std::size_t wireLength = response.wire.size();
    void* memory = std::malloc(CacheEntry::octetsFor(wireLength, response.ttlOffsets.size()));
    if (!memory)
        return nullptr;
    auto* entry = new (memory) CacheEntry{};
    entry->kind = kind;
    entry->storedAt = storedAt;
    entry->lifetime = lifetime;
    entry->hash = static_cast<std::uint32_t>(question.hash);
    entry->wireLength = static_cast<std::uint16_t>(wireLength);
    entry->ttlCount = static_cast<std::uint16_t>(response.ttlOffsets.size());
    entry->extendedError = response.extendedError;
    entry->nameLength = question.name.length;
    entry->dnssecOk = question.dnssecOk;
    entry->checkingDisabled = question.checkingDisabled;
    std::copy(response.wire.begin(), response.wire.end(), entry->wire());
    // The upstream may have changed the question's case; ours is the key.
    std::copy_n(question.name.octets.begin(), question.name.length, entry->wire() + kHeaderOctets);
    // What is kept of the header: the response code and AD. The rest is each client's own.
    store16(entry->wire() + 2, response.keptFlags());
    std::copy(response.ttlOffsets.begin(), response.ttlOffsets.end(), entry->ttlOffsets());
    return entry;
}

} // namespace

ResponseCache::ResponseCache(std::size_t capacityBytes)
    : m_shards(std::make_unique<CacheShard[]>(kShards)) {
    CacheConfig config;
    config.sizeBytes = capacityBytes;
    configure(config, 0);
}

ResponseCache::~ResponseCache() = default;

CacheShard& ResponseCache::shardOf(const Question& question) const {
    return m_shards[question.hash >> 58];
}

void ResponseCache::configure(const CacheConfig& config, std::uint32_t now) {
    const CacheHabits habits = habitsOf(config);
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(m_shards[i].mutex);
        m_shards[i].habits = habits;
        m_shards[i].setCapacity(config.sizeBytes / kShards, now);
    }
}

ResponseCache::Found ResponseCache::copy(const Question& question, std::uint32_t now,
                                         MutableBytes out, Use use) {
    CacheShard& shard = shardOf(question);
    const std::lock_guard lock(shard.mutex);
    const CacheHabits& habits = shard.habits;
    CacheEntry* entry = shard.find(question);
    if (!entry)
        return {};
    Found found;
    found.extendedError = entry->extendedError;
    if (entry->isFresh(now)) {
        if (habits.prefetchHits != 0 && wantsPrefetch(*entry, habits, now))
            found.refresh = claimRefresh(*entry, now);
    } else if (habits.staleKeep != 0 && entry->isUsable(now, habits.staleKeep)) {
        const bool justFailed = entry->refreshFailed && now < entry->nextRefresh;
        if (use == Use::Client && !habits.staleAtOnce && !justFailed)
            return {};
        found.stale = true;
        found.extendedError = staleError(*entry);
        if (use == Use::Client)
            found.refresh = claimRefresh(*entry, now);
    } else {
        return {};
    }
    if (!entry->recentlyUsed)
        entry->recentlyUsed = true;
    found.octets = entry->wireLength;
    found.ageSeconds = entry->age(now);
    found.ttlSeconds = found.stale ? habits.staleTtl : entry->lifetime - found.ageSeconds;
    const MutableBytes copied = out.first(std::min<std::size_t>(entry->wireLength, out.size()));
    std::memcpy(copied.data(), entry->wire(), copied.size());
    if (found.stale)
        markStale(*entry, habits.staleTtl, copied);
    else if (!habits.keepTtl)
        lowerTtls(*entry, entry->age(now), copied);
    return found;
}

bool ResponseCache::hasLastResort(const Question& question, std::uint32_t now) const {
    const CacheShard& shard = shardOf(question);
    const std::lock_guard lock(shard.mutex);
    const CacheEntry* entry = shard.find(question);
    return entry && entry->isUsable(now, shard.habits.staleKeep);
}

bool ResponseCache::insert(const Question& question, const UpstreamResponse& response,
                           AnswerKind kind, std::uint32_t now, std::uint32_t lifetimeSeconds) {
    if (question.subnet)
        return false;
    CacheEntry* entry = makeEntry(question, response, kind, now, lifetimeSeconds);
    if (!entry)
        return false;
    CacheShard& shard = shardOf(question);
    const std::lock_guard lock(shard.mutex);
    return shard.insert(entry, question, now);
}

bool ResponseCache::restore(const Question& question, const UpstreamResponse& response,
                            AnswerKind kind, std::uint32_t storedAt, std::uint32_t lifetimeSeconds,
                            std::uint32_t now) {
    CacheEntry* entry = makeEntry(question, response, kind, storedAt, lifetimeSeconds);
    if (!entry)
        return false;
    CacheShard& shard = shardOf(question);
    const std::lock_guard lock(shard.mutex);
    if (shard.find(question) || entry->hasExpired(now, shard.habits.staleKeep)) {
        std::free(entry);
        return false;
    }
    shard.insert(entry, question, now);
    return shard.find(question) != nullptr;
}

void ResponseCache::noteFailedRefresh(const Question& question, std::uint32_t now) {
    CacheShard& shard = shardOf(question);
    const std::lock_guard lock(shard.mutex);
    if (CacheEntry* entry = shard.find(question))
        CacheShard::leaveAlone(*entry, now, CacheShard::kShortestRecheck);
}

std::size_t ResponseCache::clear() {
    std::size_t removed = 0;
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(m_shards[i].mutex);
        removed += m_shards[i].clear();
    }
    return removed;
}

template <class Predicate>
std::size_t ResponseCache::removeIf(Predicate predicate) {
    std::size_t removed = 0;
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(m_shards[i].mutex);
        removed += m_shards[i].removeIf(predicate);
    }
    return removed;
}

std::size_t ResponseCache::removeName(Bytes name) {
    return removeIf([&](const CacheEntry& entry) { return sameName(entry.name(), name); });
}

std::size_t ResponseCache::removeSubtree(Bytes name) {
    return removeIf([&](const CacheEntry& entry) { return isAtOrBelow(entry.name(), name); });
}

ResponseCache::Usage ResponseCache::usage() const {
    Usage usage;
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(m_shards[i].mutex);
        usage.entries += m_shards[i].entries;
        usage.bytes += m_shards[i].bytes();
        usage.capacityBytes += m_shards[i].capacity;
        usage.evictions += m_shards[i].evictions;
    }
    return usage;
}

void ResponseCache::visit(std::uint32_t now, const std::function<void(const Kept&)>& visit) const {
    for (std::size_t i = 0; i < kShards; ++i) {
        const CacheShard& shard = m_shards[i];
        const std::lock_guard lock(shard.mutex);
        for (const CacheEntry* head : shard.buckets) {
            for (const CacheEntry* entry = head; entry; entry = entry->next) {
                if (entry->isUsable(now, shard.habits.staleKeep))
                    visit({{entry->wire(), entry->wireLength},
                           entry->extendedError,
                           entry->kind,
                           entry->dnssecOk,
                           entry->checkingDisabled,
                           entry->storedAt,
                           entry->lifetime});
            }
        }
    }
}

} // namespace sotto::engine
