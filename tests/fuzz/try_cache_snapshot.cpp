// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"
#include "fuzz_require.h"

#include "cache/cache_snapshot.h"
#include "support/dns_message.h"

#include <map>
#include <string>
#include <vector>

#include <openssl/sha.h>

namespace sotto::test {

namespace {

using engine::ResponseCache;

constexpr engine::SnapshotOrigin kOrigin{4, 5, 6};
constexpr engine::SnapshotTime kNow{1'800'000'000, 2'000'000};
constexpr std::size_t kRoom = std::size_t{64} << 20;

/// All that was kept of each answer, by its wire form and key.
std::map<std::string, std::string> contentsOf(const ResponseCache& cache) {
    std::map<std::string, std::string> contents;
    cache.visit(kNow.bootSeconds, [&](const ResponseCache::Kept& kept) {
        std::string key(kept.wire.begin() + 12, kept.wire.end());
        key += static_cast<char>((kept.dnssecOk ? 1 : 0) + (kept.checkingDisabled ? 2 : 0));
        contents[key] = std::to_string(kept.extendedError) + ' ' +
                        std::to_string(static_cast<int>(kept.kind)) + ' ' +
                        std::to_string(kept.storedAt) + ' ' + std::to_string(kept.lifetime) + ' ' +
                        std::to_string(kept.wire[2]) + ' ' + std::to_string(kept.wire[3]);
    });
    return contents;
}

} // namespace

void tryCacheSnapshot(FuzzInput input) {
    engine::CacheConfig config;
    config.sizeBytes = kRoom;
    config.stale.enabled = true;
    ResponseCache cache(kRoom);
    cache.configure(config, kNow.bootSeconds);

    auto octets = engine::writeSnapshot(cache, kOrigin, kNow);
    octets.resize(octets.size() - SHA256_DIGEST_LENGTH);
    octets.insert(octets.end(), input.begin(), input.end());
    const std::size_t body = octets.size();
    octets.resize(body + SHA256_DIGEST_LENGTH);
    SHA256(octets.data(), body, octets.data() + body);

    const auto taken = engine::readSnapshot(octets, kOrigin, kNow, {}, cache);
    require(taken.ok(), "a snapshot with the right digest is read");
    require(cache.usage().bytes <= kRoom, "the bound holds");
    cache.visit(kNow.bootSeconds, [](const ResponseCache::Kept& kept) {
        require(Message::parse(kept.wire).has_value(), "what comes in can be read");
        require(kept.lifetime <= 3600, "no more than the rules allow");
        require(kept.lifetime > 0 && kept.storedAt <= kNow.bootSeconds, "nothing is from tomorrow");
        require(kept.kind == engine::AnswerKind::Positive ||
                    kept.kind == engine::AnswerKind::Denial,
                "no failure comes in");
    });

    ResponseCache again(kRoom);
    again.configure(config, kNow.bootSeconds);
    const auto second =
        engine::readSnapshot(engine::writeSnapshot(cache, kOrigin, kNow), kOrigin, kNow, {}, again);
    require(second.ok(), "what was written is read");
    require(contentsOf(again) == contentsOf(cache), "and comes back as it was");
}

} // namespace sotto::test
