// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_snapshot.h"

#include "rules/special_names.h"
#include "wire/octet_writer.h"

#include <openssl/sha.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::engine {

namespace {

constexpr std::string_view kMagic = "SOTTOCACHE";
constexpr std::uint16_t kFormat = 1;
constexpr std::size_t kHeadOctets = kMagic.size() + 2 + 8 + std::tuple_size_v<SnapshotOrigin>;
constexpr std::size_t kDigestOctets = SHA256_DIGEST_LENGTH;

constexpr std::uint8_t kDnssecOk = 1;
constexpr std::uint8_t kCheckingDisabled = 2;

std::array<std::uint8_t, kDigestOctets> digestOf(Bytes octets) {
    std::array<std::uint8_t, kDigestOctets> digest{};
    SHA256(octets.data(), octets.size(), digest.data());
    return digest;
}

Bytes bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::int64_t loadTime(const std::uint8_t* from) {
    return static_cast<std::int64_t>((std::uint64_t{load32(from)} << 32) | load32(from + 4));
}

struct StoredAnswer {
    std::uint8_t flags = 0;
    std::uint16_t extendedError = extended_error::kNone;
    std::uint32_t age = 0;
    std::uint32_t lifetime = 0;
    Bytes wire;
};

/// Cuts the next answer off; nothing where it is not whole.
std::optional<StoredAnswer> takeAnswer(Bytes& left) {
    constexpr std::size_t kFixed = 1 + 2 + 4 + 4 + 2;
    if (left.size() < kFixed)
        return std::nullopt;
    StoredAnswer answer;
    answer.flags = left[0];
    answer.extendedError = load16(&left[1]);
    answer.age = load32(&left[3]);
    answer.lifetime = load32(&left[7]);
    const std::size_t length = load16(&left[11]);
    if (left.size() - kFixed < length)
        return std::nullopt;
    answer.wire = left.subspan(kFixed, length);
    left = left.subspan(kFixed + length);
    return answer;
}

/// savedAt is when the snapshot was written, by the wall clock.
bool keep(const StoredAnswer& answer, std::int64_t savedAt, SnapshotTime now,
          const CachePolicy& policy, ResponseCache& cache) {
    std::vector<std::uint8_t> message(answer.wire.begin(), answer.wire.end());
    if (message.size() < kHeaderOctets)
        return false;
    const std::size_t name = uncompressedNameLength(Bytes(message).subspan(kHeaderOctets));
    const std::size_t nameEnd = kHeaderOctets + name;
    if (name == 0 || nameEnd + 4 > message.size())
        return false;
    const Question question = makeQuestion(
        Bytes(message).subspan(kHeaderOctets, name), load16(&message[nameEnd]),
        load16(&message[nameEnd + 2]), answer.flags & kDnssecOk, answer.flags & kCheckingDisabled);
    std::array<std::uint8_t, kSpecialAnswerRoom> special;
    if (answerSpecialName(question, {.browserCanary = false, .checkKey = {}}, special) != 0)
        return false;
    // What was kept of the header are the response code and AD.
    message[2] = flag::kResponse >> 8;
    UpstreamResponse response;
    std::string reason;
    if (!readUpstreamResponse(message, question, response, reason))
        return false;
    response.extendedError = answer.extendedError;
    const std::int64_t age = answer.age + (now.wallSeconds - savedAt);
    const CacheVerdict verdict =
        policy.judge(response, question.name.bytes(), now.wallSeconds - age);
    if ((verdict.kind != AnswerKind::Positive && verdict.kind != AnswerKind::Denial) ||
        age >= now.bootSeconds)
        return false;
    shapeTtls(response, verdict);
    const auto judged = static_cast<std::uint32_t>(verdict.lifetime.count());
    return cache.restore(question, response, verdict.kind,
                         now.bootSeconds - static_cast<std::uint32_t>(age),
                         std::min(answer.lifetime, judged), now.bootSeconds);
}

Error unusable(std::string detail) {
    return {ErrorCode::InvalidArgument, "the kept cache", std::move(detail)};
}

} // namespace

std::vector<std::uint8_t> writeSnapshot(const ResponseCache& cache, const SnapshotOrigin& origin,
                                        SnapshotTime now) {
    OctetWriter out;
    // At once: while answers are copied, a part of the cache is locked.
    out.octets().reserve(kHeadOctets + kDigestOctets +
                         std::min<std::size_t>(cache.usage().bytes, kMaxSnapshotOctets));
    out.put(kMagic);
    out.put16(kFormat);
    out.put64(now.wallSeconds);
    out.put(origin);
    cache.visit(now.bootSeconds, [&](const ResponseCache::Kept& kept) {
        if (kept.kind == AnswerKind::Failure ||
            out.octets().size() + kept.wire.size() > kMaxSnapshotOctets)
            return;
        out.put8(static_cast<std::uint8_t>((kept.dnssecOk ? kDnssecOk : 0) |
                                           (kept.checkingDisabled ? kCheckingDisabled : 0)));
        out.put16(kept.extendedError);
        out.put32(now.bootSeconds > kept.storedAt ? now.bootSeconds - kept.storedAt : 0);
        out.put32(kept.lifetime);
        out.put16(static_cast<std::uint16_t>(kept.wire.size()));
        out.put(kept.wire);
    });
    out.put(digestOf(out.octets()));
    return std::move(out.octets());
}

Result<std::size_t> readSnapshot(Bytes octets, const SnapshotOrigin& origin, SnapshotTime now,
                                 const CachePolicy& policy, ResponseCache& cache) {
    if (octets.size() < kHeadOctets + kDigestOctets ||
        !std::ranges::equal(octets.first(kMagic.size()), bytesOf(kMagic)))
        return unusable("it is no kept cache");
    if (load16(&octets[kMagic.size()]) != kFormat)
        return unusable("it was written by another version");
    const Bytes body = octets.first(octets.size() - kDigestOctets);
    if (!std::ranges::equal(octets.last(kDigestOctets), digestOf(body)))
        return unusable("it is damaged");
    const std::size_t originAt = kMagic.size() + 2 + 8;
    if (!std::ranges::equal(octets.subspan(originAt, origin.size()), origin))
        return unusable("its answers came under other settings");
    const std::int64_t savedAt = loadTime(&octets[kMagic.size() + 2]);
    if (savedAt > now.wallSeconds)
        return unusable("it is from a time that lies ahead: the clock is wrong, or was");

    std::size_t kept = 0;
    Bytes left = body.subspan(kHeadOctets);
    while (const auto answer = takeAnswer(left))
        kept += keep(*answer, savedAt, now, policy, cache) ? 1 : 0;
    return kept;
}

} // namespace sotto::engine
