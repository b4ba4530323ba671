// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/response_cache.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace sotto::engine {

/// One allocation: this head, the wire bytes, and the TTL offsets behind them. The key is not
/// kept twice: name, type and class stand in the wire bytes' own question.
struct ResponseCache::Entry {
    Entry* next;
    std::uint32_t hash;
    std::uint32_t storedAt;
    std::uint32_t lifetime;
    std::uint16_t wireLength;
    std::uint16_t ttlCount;
    std::uint8_t nameLength;
    bool dnssecOk : 1;
    bool checkingDisabled : 1;
    bool recentlyUsed; ///< a byte of its own: the one that a hit writes

    std::uint8_t* wire() { return reinterpret_cast<std::uint8_t*>(this + 1); }
    const std::uint8_t* wire() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }
    Bytes name() const { return {wire() + kHeaderOctets, nameLength}; }
    /// The offsets are at an even place, so that they can be read as numbers.
    std::uint16_t* ttlOffsets() {
        return reinterpret_cast<std::uint16_t*>(wire() + ((wireLength + 1U) & ~1U));
    }
    /// A reader's clock was read before its batch and may be behind the writer's.
    std::uint32_t age(std::uint32_t now) const { return now > storedAt ? now - storedAt : 0; }
    bool expired(std::uint32_t now) const { return age(now) >= lifetime; }
    std::size_t allocated() const {
        // malloc adds a word and rounds up to two.
        const std::size_t size =
            sizeof(Entry) + ((wireLength + 1U) & ~1U) + ttlCount * sizeof(std::uint16_t);
        return (size + sizeof(void*) + 15) & ~std::size_t{15};
    }
    bool matches(const Question& question) const {
        return hash == static_cast<std::uint32_t>(question.hash) &&
               nameLength == question.name.length && dnssecOk == question.dnssecOk &&
               checkingDisabled == question.checkingDisabled &&
               load16(wire() + kHeaderOctets + nameLength) == question.type &&
               load16(wire() + kHeaderOctets + nameLength + 2) == question.queryClass &&
               std::memcmp(wire() + kHeaderOctets, question.name.octets.data(), nameLength) == 0;
    }
};

struct alignas(64) ResponseCache::Shard {
    static constexpr std::size_t kFewestBuckets = 8; // a power of two, as all sizes of the table

    mutable std::mutex mutex;
    std::vector<Entry*> buckets = std::vector<Entry*>(kFewestBuckets);
    std::size_t entries = 0;
    std::size_t entryBytes = 0;
    std::size_t capacity = 0;
    std::size_t hand = 0;
    std::uint64_t evictions = 0;

    ~Shard() { clear(); }

    std::size_t bytes() const { return entryBytes + buckets.size() * sizeof(Entry*); }
    std::size_t bucketOf(std::uint32_t hash) const { return hash & (buckets.size() - 1); }

    Entry** find(const Question& question) {
        Entry** link = &buckets[bucketOf(static_cast<std::uint32_t>(question.hash))];
        while (*link && !(*link)->matches(question))
            link = &(*link)->next;
        return link;
    }
    void unlink(Entry** link) {
        Entry* entry = *link;
        *link = entry->next;
        --entries;
        entryBytes -= entry->allocated();
        std::free(entry);
    }
    void link(Entry* entry) {
        if (entries >= buckets.size())
            resizeTable(buckets.size() * 2);
        Entry*& head = buckets[bucketOf(entry->hash)];
        entry->next = head;
        head = entry;
        ++entries;
        entryBytes += entry->allocated();
    }
    void resizeTable(std::size_t size) {
        std::vector<Entry*> old(size);
        old.swap(buckets);
        for (Entry* entry : old) {
            while (entry) {
                Entry* next = entry->next;
                Entry*& head = buckets[bucketOf(entry->hash)];
                entry->next = head;
                head = entry;
                entry = next;
            }
        }
        hand = 0;
    }
    std::size_t clear() {
        const std::size_t count = entries;
        for (Entry*& head : buckets) {
            while (head)
                unlink(&head);
        }
        std::vector<Entry*>(kFewestBuckets).swap(buckets);
        hand = 0;
        return count;
    }
    template <class Predicate>
    std::size_t removeIf(Predicate&& predicate) {
        const std::size_t before = entries;
        for (Entry*& head : buckets) {
            for (Entry** at = &head; *at;) {
                if (predicate(**at))
                    unlink(at);
                else
                    at = &(*at)->next;
            }
        }
        return before - entries;
    }
    /// The table that a larger bound left behind must not take up a smaller one.
    void setCapacity(std::size_t bound, std::uint32_t now) {
        capacity = bound;
        std::size_t size = buckets.size();
        while (size > kFewestBuckets && size * sizeof(Entry*) > capacity / 8)
            size /= 2;
        if (size != buckets.size())
            resizeTable(size);
        makeRoom(now);
    }
    /// Second chance. Ends: a whole turn of the hand clears every mark, so the next one evicts.
    void makeRoom(std::uint32_t now) {
        while (bytes() > capacity && entries > 0) {
            for (Entry** at = &buckets[hand]; *at && bytes() > capacity;) {
                if (!(*at)->recentlyUsed || (*at)->expired(now)) {
                    evictions += (*at)->expired(now) ? 0 : 1;
                    unlink(at);
                } else {
                    (*at)->recentlyUsed = false;
                    at = &(*at)->next;
                }
            }
            hand = (hand + 1) & (buckets.size() - 1);
        }
    }
};

ResponseCache::ResponseCache(std::size_t capacityBytes)
    : m_shards(std::make_unique<Shard[]>(kShards)) {
    setCapacity(capacityBytes, 0);
}

ResponseCache::~ResponseCache() = default;

ResponseCache::Shard& ResponseCache::shardOf(const Question& question) const {
    return m_shards[question.hash >> 58];
}

std::size_t ResponseCache::copyFresh(const Question& question, std::uint32_t nowSeconds,
                                     MutableBytes out) {
    Shard& shard = shardOf(question);
    const std::lock_guard lock(shard.mutex);
    Entry* entry = *shard.find(question);
    if (!entry || entry->expired(nowSeconds))
        return 0;
    if (!entry->recentlyUsed)
        entry->recentlyUsed = true;
    const std::size_t copied = std::min<std::size_t>(entry->wireLength, out.size());
    std::memcpy(out.data(), entry->wire(), copied);
    const std::uint32_t age = entry->age(nowSeconds);
    const std::uint16_t* offsets = entry->ttlOffsets();
    for (unsigned i = 0; i < entry->ttlCount && offsets[i] + 4U <= copied; ++i) {
        std::uint8_t* ttl = &out[offsets[i]];
        const std::uint32_t left = load32(ttl);
        store32(ttl, left > age ? left - age : 0);
    }
    return entry->wireLength;
}

void ResponseCache::insert(const Question& question, const UpstreamResponse& response,
                           std::uint32_t nowSeconds, std::uint32_t lifetimeSeconds) {
    const std::size_t wireLength = response.wire.size();
    const std::size_t size = sizeof(Entry) + ((wireLength + 1) & ~std::size_t{1}) +
                             response.ttlOffsets.size() * sizeof(std::uint16_t);
    void* memory = std::malloc(size);
    if (!memory)
        return; // a cache may forget
    auto* entry = new (memory) Entry;
    entry->hash = static_cast<std::uint32_t>(question.hash);
    entry->storedAt = nowSeconds;
    entry->lifetime = lifetimeSeconds;
    entry->wireLength = static_cast<std::uint16_t>(wireLength);
    entry->ttlCount = static_cast<std::uint16_t>(response.ttlOffsets.size());
    entry->nameLength = question.name.length;
    entry->dnssecOk = question.dnssecOk;
    entry->checkingDisabled = question.checkingDisabled;
    entry->recentlyUsed = false;
    std::memcpy(entry->wire(), response.wire.data(), wireLength);
    // The upstream may have changed the question's case; ours is the key.
    std::memcpy(entry->wire() + kHeaderOctets, question.name.octets.data(), question.name.length);
    // What is kept of the header: the response code and AD. The rest is each client's own.
    const auto flags = static_cast<std::uint16_t>(
        response.rcode | (response.authenticData ? flag::kAuthenticData : 0));
    store16(entry->wire() + 2, flags);
    std::copy(response.ttlOffsets.begin(), response.ttlOffsets.end(), entry->ttlOffsets());

    Shard& shard = shardOf(question);
    const std::lock_guard lock(shard.mutex);
    if (Entry** old = shard.find(question); *old)
        shard.unlink(old);
    if (entry->allocated() > shard.capacity / kLargestShare) {
        std::free(entry); // it would push out nearly all else
        return;
    }
    shard.link(entry);
    shard.makeRoom(nowSeconds);
}

std::size_t ResponseCache::clear() {
    std::size_t removed = 0;
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(m_shards[i].mutex);
        removed += m_shards[i].clear();
    }
    return removed;
}

std::size_t ResponseCache::removeName(Bytes name) {
    std::size_t removed = 0;
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(m_shards[i].mutex);
        removed +=
            m_shards[i].removeIf([&](const Entry& entry) { return sameName(entry.name(), name); });
    }
    return removed;
}

void ResponseCache::setCapacity(std::size_t capacityBytes, std::uint32_t nowSeconds) {
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(m_shards[i].mutex);
        m_shards[i].setCapacity(capacityBytes / kShards, nowSeconds);
    }
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

} // namespace sotto::engine
