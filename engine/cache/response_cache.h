// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_policy.h"
#include "wire/extended_error.h"
#include "wire/question.h"
#include "wire/upstream_response.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace sotto::engine {

struct CacheShard;

/// Responses as wire bytes, bounded in bytes over all (entries with their allocation overhead and
/// the tables), shared by all threads.
///
/// A look-up locks one of many shards, and only to find the entry and copy it into the caller's
/// buffer; it writes nothing but that entry's own marks. A full shard evicts by second chance:
/// entries that were used since the hand last passed stay, expired ones go first whenever it
/// passes. Times are seconds of the boot clock.
class ResponseCache {
public:
    explicit ResponseCache(std::size_t capacityBytes);
    ~ResponseCache();

    ResponseCache(const ResponseCache&) = delete;
    ResponseCache& operator=(const ResponseCache&) = delete;

    /// Puts other bounds and habits in force, for what is kept too; evicts where there is too much.
    void configure(const CacheConfig& config, std::uint32_t now);

    /// Who looks decides what may be answered with.
    enum class Use : std::uint8_t {
        Client,     ///< fresh; or expired, where that is given at once or a refresh just failed
        LastResort, ///< expired too: the upstreams have failed or are late (RFC 8767)
    };

    /// What a look-up gave.
    struct Found {
        std::uint32_t octets = 0;                            ///< of the response; 0: there is none
        std::uint16_t extendedError = extended_error::kNone; ///< to be told to the client
        std::uint32_t ageSeconds = 0;                        ///< since it was stored
        std::uint32_t ttlSeconds = 0; ///< for how long it may still be answered with
        bool stale = false;
        bool refresh = false; ///< the caller has to have it asked anew; said once, not to all
        explicit operator bool() const { return octets != 0; }
    };

    /// Copies the response to question into out, with every TTL lowered by its age and never below
    /// 0; of an expired one with the TTL for such, and without AD. Of a response that is larger
    /// than out only the beginning is copied.
    Found copy(const Question& question, std::uint32_t now, MutableBytes out,
               Use use = Use::Client);

    /// Whether copy() would find something as a last resort.
    bool hasLastResort(const Question& question, std::uint32_t now) const;

    /// Keeps a response for lifetimeSeconds (0: only an earlier one is forgotten), in the place of
    /// an earlier one. A response that would take more than half a shard is not kept. Gives true
    /// where an answer that is kept is preferred: to a failure every answer that can still be
    /// used, to a denial a positive one where the configuration says so. An answer for a subnet is
    /// never kept (RFC 7871 §7.3.1 would allow it), and so never found: its question is another
    /// one.
    bool insert(const Question& question, const UpstreamResponse& response, AnswerKind kind,
                std::uint32_t now, std::uint32_t lifetimeSeconds);
    /// Takes an answer back that was stored at another time; false where there is one already,
    /// which is newer, or where this one is of no use any more.
    bool restore(const Question& question, const UpstreamResponse& response, AnswerKind kind,
                 std::uint32_t storedAt, std::uint32_t lifetimeSeconds, std::uint32_t now);
    /// No upstream could be reached: what is kept is used. It is for a moment only that they are
    /// left alone, because they may be back at any time.
    void noteFailedRefresh(const Question& question, std::uint32_t now);

    /// Each gives how many entries it forgot. name is uncompressed.
    std::size_t clear();
    std::size_t removeName(Bytes name);
    std::size_t removeSubtree(Bytes name);

    struct Usage {
        std::uint64_t entries = 0;
        std::uint64_t bytes = 0;
        std::uint64_t capacityBytes = 0;
        std::uint64_t evictions = 0;
    };
    Usage usage() const;

    /// One kept answer, as a snapshot sees it.
    struct Kept {
        Bytes wire; ///< valid during the call
        std::uint16_t extendedError;
        AnswerKind kind;
        bool dnssecOk;
        bool checkingDisabled;
        std::uint32_t storedAt;
        std::uint32_t lifetime;
    };
    /// Calls visit for every entry that is usable, with a shard locked: visit must only copy.
    void visit(std::uint32_t now, const std::function<void(const Kept&)>& visit) const;

private:
    static constexpr std::size_t kShards = 64;

    template <class Predicate>
    std::size_t removeIf(Predicate predicate);
    CacheShard& shardOf(const Question& question) const;

    std::unique_ptr<CacheShard[]> m_shards;
};

} // namespace sotto::engine
