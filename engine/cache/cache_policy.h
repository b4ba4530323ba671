// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "wire/upstream_response.h"
#include "wire/wire_name.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace sotto::engine {

/// What an answer is worth to the cache.
enum class AnswerKind : std::uint8_t {
    Positive, ///< ends in records of the type that was asked for
    Denial,   ///< the name, or the type at it, does not exist (RFC 2308)
    Failure,  ///< an upstream's SERVFAIL, REFUSED, NOTIMP or FORMERR (RFC 9520)
    Other,    ///< another response code, which says nothing for later
};

AnswerKind kindOf(const UpstreamResponse& response);

/// What is to be done with one answer.
struct CacheVerdict {
    AnswerKind kind = AnswerKind::Other;
    std::chrono::seconds lifetime{0}; ///< how long it may be answered from the cache; 0: not at all
    std::chrono::seconds ttlFloor{0};
    std::chrono::seconds ttlCap{0};
};

/// The rules by which answers are kept, made once from a configuration; immutable and pure.
///
/// Positive answers live as long as their shortest-lived record, negative ones as RFC 2308 §5 says
/// (5 s where no SOA tells), both raised to their floor and cut to their cap, and none outlives its
/// signatures (RFC 4035 §5.3.3); a failure lives for the configured time (RFC 9520 §3.2). A TTL of
/// 0 stays 0.
class CachePolicy {
public:
    /// That of the default configuration.
    CachePolicy() = default;
    /// An error where a zone is no domain name, or a number out of its range.
    static Result<CachePolicy> make(const CacheConfig& config);

    /// name is folded; wallSeconds is of the clock that signatures are dated by.
    CacheVerdict judge(const UpstreamResponse& response, Bytes name,
                       std::int64_t wallSeconds) const;

    const CacheConfig& config() const { return m_config; }

private:
    bool keeps(AnswerKind kind, Bytes name) const;

    CacheConfig m_config;
    std::vector<WireName> m_zones;
    std::vector<WireName> m_positiveDisabled;
    std::vector<WireName> m_negativeDisabled;
};

/// Raises every TTL but 0 to the verdict's floor and lowers it to its cap, and that of a denial's
/// SOA record to its MINIMUM (RFC 2308 §3), so that no client keeps an answer for longer than we
/// do.
void shapeTtls(UpstreamResponse& response, const CacheVerdict& verdict);

} // namespace sotto::engine
