// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Extended DNS errors (RFC 8914): why an answer is what it is.
namespace sotto::engine::extended_error {

inline constexpr std::uint16_t kOption = 15; // RFC 8914 §2

/// The codes that we give of our own accord (§5.2).
inline constexpr std::uint16_t kOther = 0; ///< too many questions at once
inline constexpr std::uint16_t kStaleAnswer = 3;
inline constexpr std::uint16_t kProhibited = 18;
inline constexpr std::uint16_t kStaleNxDomain = 19;
inline constexpr std::uint16_t kNoReachableAuthority = 22;
inline constexpr std::uint16_t kNetworkError = 23;
/// No code at all; never on the wire.
inline constexpr std::uint16_t kNone = 0xffff;

inline constexpr std::size_t kMaxTextOctets = 40;

/// What a code means where it is ours: EXTRA-TEXT (§2), at most kMaxTextOctets of ASCII.
constexpr std::string_view textOf(std::uint16_t code) {
    switch (code) {
    case kStaleAnswer:
    case kStaleNxDomain:
        return "this answer has expired";
    case kOther:
        return "too many questions are on their way";
    case kProhibited:
        return "forwarding is switched off";
    case kNoReachableAuthority:
        return "no upstream gave a usable answer";
    case kNetworkError:
        return "no upstream could be reached";
    default:
        return {};
    }
}

} // namespace sotto::engine::extended_error
