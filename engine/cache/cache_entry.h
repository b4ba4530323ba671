// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_policy.h"
#include "wire/question.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sotto::engine {

/// One kept answer, in one allocation: this head, the wire bytes, and the TTL offsets behind them.
/// The key is not kept twice: name, type and class stand in the wire bytes' own question. Times are
/// seconds of the boot clock. Belongs to a CacheShard and is touched under its lock only.
struct CacheEntry {
    static constexpr std::uint8_t kMostHits = 255;

    CacheEntry* next;
    std::uint32_t hash;
    std::uint32_t storedAt;
    std::uint32_t lifetime;
    std::uint32_t lastHit;     ///< kept only where answers are prefetched
    std::uint32_t nextRefresh; ///< not to be asked anew before
    std::uint16_t wireLength;
    std::uint16_t ttlCount;
    std::uint16_t extendedError; ///< that came with it, or extended_error::kNone
    std::uint8_t nameLength;
    AnswerKind kind;
    bool dnssecOk : 1;
    bool checkingDisabled : 1;
    std::uint8_t hits; ///< without a long gap, for prefetching
    bool recentlyUsed; ///< since the hand of the eviction passed
    bool refreshFailed;

    std::uint8_t* wire() { return reinterpret_cast<std::uint8_t*>(this + 1); }
    const std::uint8_t* wire() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }
    Bytes name() const { return {wire() + kHeaderOctets, nameLength}; }
    std::uint16_t type() const { return load16(wire() + kHeaderOctets + nameLength); }
    std::uint16_t queryClass() const { return load16(wire() + kHeaderOctets + nameLength + 2); }
    /// The offsets are at an even place, so that they can be read as numbers.
    std::uint16_t* ttlOffsets() {
        return reinterpret_cast<std::uint16_t*>(wire() + ((wireLength + 1U) & ~1U));
    }

    /// A reader's clock was read before its batch and may be behind the writer's.
    std::uint32_t age(std::uint32_t now) const { return now > storedAt ? now - storedAt : 0; }
    bool isFresh(std::uint32_t now) const { return age(now) < lifetime; }
    /// Fresh, or expired for less than keep seconds and no failure (RFC 8767 §4).
    bool isUsable(std::uint32_t now, std::uint32_t keep) const {
        return isFresh(now) ||
               (kind != AnswerKind::Failure && age(now) < std::uint64_t{lifetime} + keep);
    }
    bool hasExpired(std::uint32_t now, std::uint32_t keep) const { return !isUsable(now, keep); }

    static std::size_t octetsFor(std::size_t wireLength, std::size_t ttlCount) {
        return sizeof(CacheEntry) + ((wireLength + 1) & ~std::size_t{1}) +
               ttlCount * sizeof(std::uint16_t);
    }
    /// What the allocator takes for it: a word more, rounded up to two.
    std::size_t allocated() const {
        return (octetsFor(wireLength, ttlCount) + sizeof(void*) + 15) & ~std::size_t{15};
    }

    bool answers(const Question& question) const {
        return hash == static_cast<std::uint32_t>(question.hash) &&
               nameLength == question.name.length && dnssecOk == question.dnssecOk &&
               checkingDisabled == question.checkingDisabled && type() == question.type &&
               queryClass() == question.queryClass &&
               std::memcmp(wire() + kHeaderOctets, question.name.octets.data(), nameLength) == 0;
    }
};

} // namespace sotto::engine
