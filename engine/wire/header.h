// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/byte_order.h"

#include <cstddef>
#include <cstdint>
#include <span>

/// The twelve octets that start each DNS message (RFC 1035 §4.1.1).
namespace sotto::engine {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

inline constexpr std::size_t kHeaderOctets = 12;
inline constexpr std::size_t kMaxMessageOctets = 65535;

namespace flag {
inline constexpr std::uint16_t kResponse = 0x8000; // QR
inline constexpr std::uint16_t kOpcodeMask = 0x7800;
inline constexpr std::uint16_t kAuthoritative = 0x0400;      // AA
inline constexpr std::uint16_t kTruncated = 0x0200;          // TC
inline constexpr std::uint16_t kRecursionDesired = 0x0100;   // RD
inline constexpr std::uint16_t kRecursionAvailable = 0x0080; // RA
inline constexpr std::uint16_t kAuthenticData = 0x0020;      // AD
inline constexpr std::uint16_t kCheckingDisabled = 0x0010;   // CD
inline constexpr std::uint16_t kRcodeMask = 0x000f;
} // namespace flag

namespace rcode {
inline constexpr std::uint8_t kNoError = 0;
inline constexpr std::uint8_t kFormErr = 1;
inline constexpr std::uint8_t kServFail = 2;
inline constexpr std::uint8_t kNxDomain = 3;
inline constexpr std::uint8_t kNotImp = 4;
inline constexpr std::uint8_t kRefused = 5;
inline constexpr std::uint8_t kBadVers = 16; // extended (RFC 6891 §9)
} // namespace rcode

inline constexpr std::uint16_t kKeepaliveOption = 11; // RFC 7828 §3.1
inline constexpr std::uint16_t kPaddingOption = 12;   // RFC 7830 §3

inline std::uint16_t messageId(Bytes message) {
    return load16(message.data());
}
inline std::uint16_t messageFlags(Bytes message) {
    return load16(message.data() + 2);
}
inline std::uint16_t questionCount(Bytes message) {
    return load16(message.data() + 4);
}
inline std::uint16_t answerCount(Bytes message) {
    return load16(message.data() + 6);
}
inline std::uint16_t authorityCount(Bytes message) {
    return load16(message.data() + 8);
}
inline std::uint16_t additionalCount(Bytes message) {
    return load16(message.data() + 10);
}

} // namespace sotto::engine
