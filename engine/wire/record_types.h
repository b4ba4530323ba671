// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The record types that the engine treats in a way of their own (IANA DNS parameters). Every other
/// type is opaque to it (RFC 3597).
namespace sotto::engine::record_type {

inline constexpr std::uint16_t kA = 1;
inline constexpr std::uint16_t kNs = 2;
inline constexpr std::uint16_t kMd = 3;
inline constexpr std::uint16_t kMf = 4;
inline constexpr std::uint16_t kCname = 5;
inline constexpr std::uint16_t kSoa = 6;
inline constexpr std::uint16_t kMb = 7;
inline constexpr std::uint16_t kMg = 8;
inline constexpr std::uint16_t kMr = 9;
inline constexpr std::uint16_t kPtr = 12;
inline constexpr std::uint16_t kHinfo = 13;
inline constexpr std::uint16_t kMinfo = 14;
inline constexpr std::uint16_t kMx = 15;
inline constexpr std::uint16_t kTxt = 16;
inline constexpr std::uint16_t kRp = 17;
inline constexpr std::uint16_t kAfsdb = 18;
inline constexpr std::uint16_t kRt = 21;
inline constexpr std::uint16_t kPx = 26;
inline constexpr std::uint16_t kAaaa = 28;
inline constexpr std::uint16_t kSrv = 33;
inline constexpr std::uint16_t kNaptr = 35;
inline constexpr std::uint16_t kKx = 36;
inline constexpr std::uint16_t kDname = 39;
inline constexpr std::uint16_t kOpt = 41;
inline constexpr std::uint16_t kDs = 43;
inline constexpr std::uint16_t kRrsig = 46;
inline constexpr std::uint16_t kNsec = 47;
inline constexpr std::uint16_t kDnskey = 48;
inline constexpr std::uint16_t kNsec3 = 50;
inline constexpr std::uint16_t kTlsa = 52;
inline constexpr std::uint16_t kSvcb = 64;
inline constexpr std::uint16_t kHttps = 65;
inline constexpr std::uint16_t kTkey = 249;
inline constexpr std::uint16_t kTsig = 250;
inline constexpr std::uint16_t kIxfr = 251;
inline constexpr std::uint16_t kAxfr = 252;
inline constexpr std::uint16_t kAny = 255;
inline constexpr std::uint16_t kCaa = 257;

} // namespace sotto::engine::record_type
