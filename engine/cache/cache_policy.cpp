// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_policy.h"

#include <algorithm>
#include <optional>

namespace sotto::engine {

namespace {

using std::chrono::seconds;

constexpr seconds kNegativeWithoutSoa{5};
constexpr seconds kLongestTtl{604800}; // RFC 8767 §4: a week
constexpr seconds kLongestTime{366 * 86400};
constexpr seconds kLongestStaleTtl{30}; // RFC 8767 §5

Error wrong(std::string subject, std::string detail) {
    return {ErrorCode::InvalidArgument, std::move(subject), std::move(detail)};
}

std::optional<Error> readZones(const std::vector<std::string>& texts,
                               std::vector<WireName>& zones) {
    for (const std::string& text : texts) {
        const auto name = nameFromText(text);
        if (!name)
            return wrong(text, "not a domain name");
        WireName& zone = zones.emplace_back(*name);
        std::transform(zone.octets.begin(), zone.octets.begin() + zone.length, zone.octets.begin(),
                       foldOctet);
    }
    return std::nullopt;
}

bool isInAny(const std::vector<WireName>& zones, Bytes name) {
    return std::any_of(zones.begin(), zones.end(),
                       [&](const WireName& zone) { return isAtOrBelow(name, zone.bytes()); });
}

/// What the records say, before floors and caps.
seconds statedLifetime(const UpstreamResponse& response, AnswerKind kind) {
    const bool hasRecords = !response.ttlOffsets.empty();
    const seconds shortest{hasRecords ? response.smallestTtl : kLongestTtl.count()};
    if (kind == AnswerKind::Positive)
        return shortest;
    return std::min(shortest,
                    response.hasSoa ? seconds(response.negativeTtl) : kNegativeWithoutSoa);
}

} // namespace

AnswerKind kindOf(const UpstreamResponse& response) {
    switch (response.rcode) {
    case rcode::kNoError:
        return response.positive ? AnswerKind::Positive : AnswerKind::Denial;
    case rcode::kNxDomain:
        return AnswerKind::Denial;
    case rcode::kServFail:
    case rcode::kRefused:
    case rcode::kNotImp:
    case rcode::kFormErr:
        return AnswerKind::Failure;
    default:
        return AnswerKind::Other;
    }
}

Result<CachePolicy> CachePolicy::make(const CacheConfig& config) {
    if (config.prefetch.percentage < 1 || config.prefetch.percentage > 90)
        return wrong("prefetch percentage", "not between 1 and 90");
    if (config.stale.answerTtl < seconds(1) || config.stale.answerTtl > kLongestStaleTtl)
        return wrong("TTL of stale answers", "not between 1 and 30 seconds");
    for (const seconds time : {config.positiveTtlCap, config.negativeTtlCap,
                               config.positiveTtlFloor, config.negativeTtlFloor, config.failureTtl,
                               config.prefetch.gap, config.stale.keep, config.stale.recheck}) {
        if (time < seconds(0) || time > kLongestTime)
            return wrong("a time of the cache", "negative, or longer than a year");
    }
    CachePolicy policy;
    policy.m_config = config;
    for (const auto& [texts, zones] :
         {std::pair{&config.zones, &policy.m_zones},
          std::pair{&config.positiveDisabled, &policy.m_positiveDisabled},
          std::pair{&config.negativeDisabled, &policy.m_negativeDisabled}}) {
        if (auto error = readZones(*texts, *zones))
            return *error;
    }
    return policy;
}

bool CachePolicy::keeps(AnswerKind kind, Bytes name) const {
    if (!m_zones.empty() && !isInAny(m_zones, name))
        return false;
    switch (kind) {
    case AnswerKind::Positive:
        return !isInAny(m_positiveDisabled, name);
    case AnswerKind::Denial:
        return !isInAny(m_negativeDisabled, name);
    case AnswerKind::Failure:
        return true;
    case AnswerKind::Other:
        break;
    }
    return false;
}

CacheVerdict CachePolicy::judge(const UpstreamResponse& response, Bytes name,
                                std::int64_t wallSeconds) const {
    CacheVerdict verdict;
    verdict.kind = kindOf(response);
    const bool positive = verdict.kind == AnswerKind::Positive;
    verdict.ttlCap =
        std::min(positive ? m_config.positiveTtlCap : m_config.negativeTtlCap, kLongestTtl);
    verdict.ttlFloor = positive ? m_config.positiveTtlFloor : m_config.negativeTtlFloor;
    if (response.signaturesExpire) {
        // Serial number arithmetic, because the field is of 32 bits only (RFC 4034 §3.1.5).
        const auto left = static_cast<std::int32_t>(*response.signaturesExpire -
                                                    static_cast<std::uint32_t>(wallSeconds));
        verdict.ttlCap = std::clamp(seconds(left), seconds(0), verdict.ttlCap);
    }
    verdict.ttlFloor = std::min(verdict.ttlFloor, verdict.ttlCap);
    if (verdict.kind == AnswerKind::Failure) {
        verdict.lifetime = failureLifetime(name);
        return verdict;
    }
    const seconds stated = statedLifetime(response, verdict.kind);
    const bool mayRaise = stated > seconds(0) && (positive || response.hasSoa);
    if (keeps(verdict.kind, name))
        verdict.lifetime =
            std::min(mayRaise ? std::max(stated, verdict.ttlFloor) : stated, verdict.ttlCap);
    return verdict;
}

std::chrono::seconds CachePolicy::failureLifetime(Bytes name) const {
    return keeps(AnswerKind::Failure, name) ? m_config.failureTtl : seconds(0);
}

void shapeTtls(UpstreamResponse& response, const CacheVerdict& verdict) {
    const auto floor = static_cast<std::uint32_t>(verdict.ttlFloor.count());
    const auto cap = static_cast<std::uint32_t>(verdict.ttlCap.count());
    // The SOA record may live longer than what it denies; a client must not go by that.
    if (verdict.kind == AnswerKind::Denial && response.soaTtlOffset != 0) {
        std::uint8_t* ttl = &response.wire[response.soaTtlOffset];
        store32(ttl, std::min(load32(ttl), response.negativeTtl));
    }
    for (const std::uint16_t offset : response.ttlOffsets) {
        const std::uint32_t stated = load32(&response.wire[offset]);
        const std::uint32_t shaped = std::min(stated == 0 ? 0 : std::max(stated, floor), cap);
        if (shaped != stated)
            store32(&response.wire[offset], shaped);
    }
}

} // namespace sotto::engine
