// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/header.h"

#include <array>
#include <cstdint>

namespace sotto::engine {

/// The part of name (wire form, folded to lower case) that one owner registered: its public suffix
/// and one label, by the Public Suffix List as the system or libpsl carries it. The name itself
/// where it is a public suffix, and for names of one label. A view into name. The first call reads
/// the list (under a millisecond); the others take half a microsecond.
Bytes registrableDomain(Bytes name);

/// A keyed hash of the registrable domain: the same for all names of one owner, and not to be told
/// without the salt. The first 64 bits of SHA-256 over salt and domain: the salt's length is
/// fixed and the hash never leaves the process, so that nothing more is needed to key it; unlike
/// SipHash it is there in every configuration of OpenSSL.
std::uint64_t hashOfRegistrableDomain(Bytes name, const std::array<std::uint8_t, 16>& salt);

} // namespace sotto::engine
