// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/registrable_domain.h"

#include "wire/wire_name.h"

#include <libpsl.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>

namespace sotto::engine {

namespace {

/// The system's list where it is newer than the one that libpsl was built with. Null where there
/// is neither.
const psl_ctx_t* suffixList() {
    struct Free {
        void operator()(psl_ctx_t* list) const { psl_free(list); }
    };
    static const std::unique_ptr<psl_ctx_t, Free> list(psl_latest(nullptr));
    return list.get();
}

/// A letter, digit or hyphen stands for itself; what else a label may hold (RFC 2181 §11) is in no
/// name of the list, and must neither end the text nor part a label in two.
char letterOf(std::uint8_t octet) {
    const bool plain =
        (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-';
    return plain ? static_cast<char>(octet) : '_';
}

} // namespace

Bytes registrableDomain(Bytes name) {
    const psl_ctx_t* list = suffixList();
    if (!list || name.size() < 2 || name.size() > kMaxNameOctets)
        return name;
    // In the text stands a dot where the wire form has a label's length, one octet later: what
    // starts at an offset of the text starts there in the name, too.
    std::array<char, kMaxNameOctets> text;
    std::size_t at = 0;
    while (name[at] != 0) {
        const std::size_t end = at + name[at];
        text[end] = '.';
        for (; at < end; ++at)
            text[at] = letterOf(name[at + 1]);
        ++at;
    }
    text[at - 1] = 0;
    const char* domain = psl_registrable_domain(list, text.data());
    return domain ? name.subspan(static_cast<std::size_t>(domain - text.data())) : name;
}

std::uint64_t hashOfRegistrableDomain(Bytes name, const std::array<std::uint8_t, 16>& salt) {
    const Bytes domain = registrableDomain(name);
    std::array<std::uint8_t, 16 + kMaxNameOctets> keyed;
    const auto behind = std::copy(salt.begin(), salt.end(), keyed.begin());
    const auto end = std::copy(domain.begin(), domain.end(), behind);
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
    SHA256(keyed.data(), static_cast<std::size_t>(end - keyed.begin()), digest.data());
    return (std::uint64_t{load32(digest.data())} << 32) | load32(&digest[4]);
}

} // namespace sotto::engine
