// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"
#include "fuzz_require.h"

#include "upstream/session_store.h"

#include <openssl/sha.h>

#include <algorithm>
#include <vector>

namespace sotto::test {

namespace {

using engine::SessionStore;

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::size_t kHeadOctets = 13 + 2 + 8; // what it is, its version, when it was written
constexpr std::size_t kKeyOctets = std::tuple_size_v<engine::SessionKey>;

/// What a store that knows one server writes, without the checksum.
std::vector<std::uint8_t> writtenForOne() {
    SessionStore store;
    store.learnIdleMillis({}, 1);
    auto octets = store.exportAll(kNow);
    octets.resize(octets.size() - SHA256_DIGEST_LENGTH);
    return octets;
}

} // namespace

void trySessionStore(FuzzInput input) {
    auto octets = writtenForOne();
    octets.resize(kHeadOctets);
    octets.insert(octets.end(), input.begin(), input.end());
    const std::size_t body = octets.size();
    octets.resize(body + SHA256_DIGEST_LENGTH);
    SHA256(octets.data(), body, octets.data() + body);

    SessionStore store;
    const auto taken = store.import(octets, kNow);
    const auto kept = store.exportAll(kNow);
    if (!taken.ok()) {
        require(kept.empty(), "nothing is taken of what is damaged");
        return;
    }
    require(taken.value() <= SessionStore::kPerUpstream * SessionStore::kMaxUpstreams,
            "the bounds hold");

    SessionStore again;
    if (!kept.empty()) {
        const auto second = again.import(kept, kNow);
        require(second.ok() && second.value() <= taken.value(), "what was written is read");
    }
    require(again.exportAll(kNow) == kept, "and comes back as it was");

    if (input.size() < kKeyOctets)
        return;
    engine::SessionKey key;
    std::copy_n(input.begin(), kKeyOctets, key.begin());
    if (kept.empty() || !again.import(kept, kNow).ok())
        return;
    const bool had = again.has(key, kNow);
    const auto session = again.take(key, kNow);
    require(had == (session != nullptr), "what there is can be taken");
    require(!session || SSL_SESSION_get0_peer(session.get()), "and names its server");
}

} // namespace sotto::test
