// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/header.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Domain names in wire form (RFC 1035 §3.1, §4.1.4). Case is folded in ASCII only (RFC 4343).
namespace sotto::engine {

inline constexpr std::size_t kMaxNameOctets = 255;
inline constexpr std::size_t kMaxLabelOctets = 63;

/// An uncompressed name with its terminating root label, in place and without allocation.
struct WireName {
    std::array<std::uint8_t, kMaxNameOctets> octets;
    std::uint8_t length = 0; ///< 0: no name; 1: the root

    Bytes bytes() const { return {octets.data(), length}; }
};

inline std::uint8_t foldOctet(std::uint8_t octet) {
    return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet | 0x20) : octet;
}

/// The octets that an uncompressed name occupies at the start of bytes, or 0 where it is
/// malformed or compressed.
std::size_t uncompressedNameLength(Bytes bytes);

/// The offset behind the name that starts at offset, following no pointer; 0 where it is
/// malformed. A pointer must lead to an earlier place (§4.1.4: "a prior occurrence").
std::size_t skipName(Bytes message, std::size_t offset);

/// Expands the name at offset, pointers followed. Gives the offset behind it in the message, or 0
/// where it is malformed, loops, exceeds 255 octets, or follows more pointers than a name can have
/// labels (so that a long chain of them costs nothing).
std::size_t readName(Bytes message, std::size_t offset, WireName& name);

/// Whether the sound name at offset is spelt, in part, by octets of one of these fields (ascending
/// offsets, fieldOctets each), to which its pointers lead.
bool nameTouches(Bytes message, std::size_t offset, std::span<const std::uint16_t> fields,
                 std::size_t fieldOctets);

/// Both are uncompressed; case does not count.
bool sameName(Bytes left, Bytes right);

/// Whether name is below parent or equal to it; both uncompressed.
bool isAtOrBelow(Bytes name, Bytes parent);

/// Presentation form: "www.example.com", "." for the root. Octets other than letters, digits,
/// "-", "_" and a few harmless marks are written as \DDD, dots and backslashes within a label
/// with a backslash (RFC 1035 §5.1), so that the text is plain ASCII whatever the name holds.
std::string nameToText(Bytes name);

/// Reads presentation form, with or without the final dot.
std::optional<WireName> nameFromText(std::string_view text);

} // namespace sotto::engine
