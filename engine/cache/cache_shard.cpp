// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_shard.h"

#include <algorithm>

namespace sotto::engine {

namespace {

std::uint32_t secondsOf(std::chrono::seconds duration) {
    return static_cast<std::uint32_t>(duration.count());
}

} // namespace

CacheHabits habitsOf(const CacheConfig& config) {
    CacheHabits habits;
    const CacheConfig::Stale& stale = config.stale;
    habits.staleKeep = stale.enabled ? secondsOf(stale.keep) : 0;
    habits.staleTtl = secondsOf(stale.answerTtl);
    habits.recheck = secondsOf(stale.recheck);
    habits.staleAtOnce = stale.mode == CacheConfig::Stale::Mode::Immediate;
    habits.preferPositive = stale.enabled && stale.preferPositive;
    habits.prefetchGap = secondsOf(config.prefetch.gap);
    habits.prefetchHits =
        static_cast<std::uint8_t>(std::min<unsigned>(config.prefetch.hits, CacheEntry::kMostHits));
    habits.prefetchPercentage = static_cast<std::uint8_t>(config.prefetch.percentage);
    habits.keepTtl = config.keepTtl;
    return habits;
}

CacheEntry* CacheShard::find(const Question& question) const {
    CacheEntry* entry = buckets[bucketOf(static_cast<std::uint32_t>(question.hash))];
    while (entry && !entry->answers(question))
        entry = entry->next;
    return entry;
}

CacheEntry** CacheShard::linkTo(const Question& question) {
    CacheEntry** link = &buckets[bucketOf(static_cast<std::uint32_t>(question.hash))];
    while (*link && !(*link)->answers(question))
        link = &(*link)->next;
    return link;
}

/// What failed never takes the place of an answer that can still be used (RFC 8767 §4), and what
/// denies does not where the positive one is preferred.
bool CacheShard::prefersKept(const CacheEntry& old, const CacheEntry& fresh,
                             std::uint32_t now) const {
    if (old.kind == AnswerKind::Failure || !old.isUsable(now, habits.staleKeep))
        return false;
    switch (fresh.kind) {
    case AnswerKind::Positive:
        return false;
    case AnswerKind::Denial:
        return habits.preferPositive && old.kind == AnswerKind::Positive;
    case AnswerKind::Failure:
    case AnswerKind::Other:
        break;
    }
    return true;
}

bool CacheShard::insert(CacheEntry* entry, const Question& question, std::uint32_t now) {
    CacheEntry** link = linkTo(question);
    CacheEntry* old = *link;
    if (old && prefersKept(*old, *entry, now)) {
        const bool denied = entry->kind == AnswerKind::Denial;
        leaveAlone(*old, now,
                   denied ? entry->lifetime : std::max(habits.recheck, kShortestRecheck));
        std::free(entry);
        return true;
    }
    if (old) {
        entry->hits = old->hits; // a popular name stays one
        entry->lastHit = old->lastHit;
        entry->recentlyUsed = old->recentlyUsed;
        unlink(link);
    }
    if (entry->lifetime == 0 || entry->allocated() > capacity / kLargestShare) {
        std::free(entry); // too large: it would push out nearly all else
        return false;
    }
    makeRoom(now, entry->allocated()); // before, so that it does not push out itself
    this->link(entry);
    makeRoom(now, 0); // the table may have grown
    return false;
}

void CacheShard::leaveAlone(CacheEntry& entry, std::uint32_t now, std::uint32_t forSeconds) {
    entry.refreshFailed = true;
    entry.nextRefresh = now + forSeconds;
}

void CacheShard::unlink(CacheEntry** link) {
    CacheEntry* entry = *link;
    *link = entry->next;
    --entries;
    entryBytes -= entry->allocated();
    std::free(entry);
}

void CacheShard::link(CacheEntry* entry) {
    if (entries >= buckets.size())
        resizeTable(buckets.size() * 2);
    CacheEntry*& head = buckets[bucketOf(entry->hash)];
    entry->next = head;
    head = entry;
    ++entries;
    entryBytes += entry->allocated();
}

void CacheShard::resizeTable(std::size_t size) {
    std::vector<CacheEntry*> old(size);
    old.swap(buckets);
    for (CacheEntry* entry : old) {
        while (entry) {
            CacheEntry* next = entry->next;
            CacheEntry*& head = buckets[bucketOf(entry->hash)];
            entry->next = head;
            head = entry;
            entry = next;
        }
    }
    hand = 0;
}

std::size_t CacheShard::clear() {
    const std::size_t count = entries;
    for (CacheEntry*& head : buckets) {
        while (head)
            unlink(&head);
    }
    std::vector<CacheEntry*>(kFewestBuckets).swap(buckets);
    hand = 0;
    return count;
}

void CacheShard::setCapacity(std::size_t bound, std::uint32_t now) {
    capacity = bound;
    // The table that a larger bound left behind must not take up a smaller one.
    std::size_t size = buckets.size();
    while (size > kFewestBuckets && size * sizeof(CacheEntry*) > capacity / 8)
        size /= 2;
    if (size != buckets.size())
        resizeTable(size);
    makeRoom(now, 0);
}

/// Second chance. Ends: a whole turn of the hand clears every mark, so the next one evicts.
void CacheShard::makeRoom(std::uint32_t now, std::size_t octets) {
    while (bytes() + octets > capacity && entries > 0) {
        for (CacheEntry** at = &buckets[hand]; *at && bytes() + octets > capacity;) {
            CacheEntry& entry = **at;
            const bool expired = entry.hasExpired(now, habits.staleKeep);
            if (!entry.recentlyUsed || expired) {
                evictions += expired ? 0 : 1;
                unlink(at);
            } else {
                entry.recentlyUsed = false;
                at = &entry.next;
            }
        }
        hand = (hand + 1) & (buckets.size() - 1);
    }
}

} // namespace sotto::engine
