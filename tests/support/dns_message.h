// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_name.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// DNS messages as plain values, for servers and clients in tests (RFC 1035, 6891). Shares no code
/// with the engine, because it is what the engine is judged by.
namespace sotto::test {

using Bytes = std::vector<std::uint8_t>;

namespace rr {
inline constexpr std::uint16_t kA = 1;
inline constexpr std::uint16_t kNs = 2;
inline constexpr std::uint16_t kCname = 5;
inline constexpr std::uint16_t kSoa = 6;
inline constexpr std::uint16_t kPtr = 12;
inline constexpr std::uint16_t kMx = 15;
inline constexpr std::uint16_t kTxt = 16;
inline constexpr std::uint16_t kAaaa = 28;
inline constexpr std::uint16_t kSrv = 33;
inline constexpr std::uint16_t kOpt = 41;
inline constexpr std::uint16_t kRrsig = 46;
inline constexpr std::uint16_t kSvcb = 64;
inline constexpr std::uint16_t kHttps = 65;
inline constexpr std::uint16_t kAny = 255;
inline constexpr std::uint16_t kCaa = 257;
} // namespace rr

namespace rcode {
inline constexpr std::uint16_t kNoError = 0;
inline constexpr std::uint16_t kFormErr = 1;
inline constexpr std::uint16_t kServFail = 2;
inline constexpr std::uint16_t kNxDomain = 3;
inline constexpr std::uint16_t kNotImp = 4;
inline constexpr std::uint16_t kRefused = 5;
inline constexpr std::uint16_t kBadVers = 16;
} // namespace rcode

namespace edns {
inline constexpr std::uint16_t kClientSubnet = 8;
inline constexpr std::uint16_t kCookie = 10;
inline constexpr std::uint16_t kKeepalive = 11;
inline constexpr std::uint16_t kPadding = 12;
inline constexpr std::uint16_t kExtendedError = 15;
} // namespace edns

inline constexpr std::uint16_t kClassIn = 1;

struct Question {
    Name name;
    std::uint16_t type = rr::kA;
    std::uint16_t klass = kClassIn;

    bool operator==(const Question&) const = default;
};

/// One record. Names inside the RDATA of RFC 1035 types are held uncompressed.
struct Record {
    Name owner;
    std::uint16_t type = rr::kA;
    std::uint16_t klass = kClassIn;
    std::uint32_t ttl = 0;
    Bytes rdata;

    bool operator==(const Record&) const = default;
};

struct EdnsOption {
    std::uint16_t code = 0;
    Bytes data;

    bool operator==(const EdnsOption&) const = default;
};

/// The OPT pseudo-record (RFC 6891 §6.1); the upper bits of the response code are in
/// Message::rcode.
struct Edns {
    std::uint16_t udpSize = 1232;
    std::uint8_t version = 0;
    bool dnssecOk = false;
    std::vector<EdnsOption> options;

    const EdnsOption* find(std::uint16_t code) const;
    bool operator==(const Edns&) const = default;
};

struct Message {
    std::uint16_t id = 0;
    bool response = false; ///< QR
    std::uint8_t opcode = 0;
    bool authoritative = false;
    bool truncated = false;
    bool recursionDesired = false;
    bool recursionAvailable = false;
    bool authenticData = false;
    bool checkingDisabled = false;
    std::uint16_t rcode = 0; ///< with the upper eight bits of an OPT
    std::vector<Question> questions;
    std::vector<Record> answers;
    std::vector<Record> authorities;
    std::vector<Record> additionals; ///< without the OPT
    std::optional<Edns> edns;

    /// Reads a whole message and refuses every irregularity: octets left over, forward pointers,
    /// names over 255 octets, a second OPT. Where it refuses, whyNot (if given) gets the reason.
    static std::optional<Message> parse(std::span<const std::uint8_t> wire,
                                        std::string* whyNot = nullptr);

    /// The wire form; owners and the names in RDATA of RFC 1035 types are compressed against
    /// names spelt alike.
    Bytes toWire() const;

    /// RDATA of the first answer of this type, or nullptr.
    const Bytes* answer(std::uint16_t type) const;

    bool operator==(const Message&) const = default;
};

/// A message as it goes over a stream: its length ahead (RFC 1035 §4.2.2).
Bytes framed(std::span<const std::uint8_t> message);

/// Where names stand in the RDATA of a type that RFC 1035 lets servers compress.
struct RdataNames {
    std::size_t before = 0; ///< octets ahead of the first name
    std::size_t count = 0;  ///< names, one after another
};
RdataNames compressibleNames(std::uint16_t type);

} // namespace sotto::test
