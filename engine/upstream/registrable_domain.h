// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/header.h"

#include <array>
#include <cstdint>

namespace sotto::engine {

/// The part of name (wire form, folded to lower case) that one owner registered: its public suffix
/// and one label, by the Public Suffix List that libpsl carries. The name itself where it is a
/// public suffix, and for names of one label. A view into name.
Bytes registrableDomain(Bytes name);

/// A keyed hash (SipHash) of the registrable domain: the
/// same for all names of one owner, and not to be told without the salt.
std::uint64_t hashOfRegistrableDomain(Bytes name, const std::array<std::uint8_t, 16>& salt);

} // namespace sotto::engine
