// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/extended_error.h"
#include "wire/question.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::engine {

/// An upstream's answer after it was checked in full and made fit to be kept and passed on:
/// hop-by-hop parts gone, nothing in the answer section that does not belong to the question, and
/// every TTL found.
struct UpstreamResponse {
    /// Header, question and records; no OPT. Its question has the same length as the one asked,
    /// so that a client's own spelling can be laid over it.
    std::vector<std::uint8_t> wire;
    std::vector<std::uint16_t> ttlOffsets; ///< of every record's TTL, ascending
    std::uint8_t rcode = 0;
    bool authenticData = false;
    /// It came with an extended error that makes it a verdict on the name (bogus, blocked), not a
    /// failure of the server (RFC 8914 §4).
    bool blamesName = false;
    /// Positive: the answer section ends in records of the type that was asked for.
    bool positive = false;
    std::uint32_t smallestTtl = 0; ///< over all records; 0 where there are none
    /// Negative answers with an SOA: min(its TTL, its MINIMUM) (RFC 2308 §5).
    std::uint32_t negativeTtl = 0;
    bool hasSoa = false;
    std::uint16_t soaTtlOffset = 0; ///< where that SOA has its TTL
    /// The first expiration among its signatures (RFC 4034 §3.1.5), where it has any.
    std::optional<std::uint32_t> signaturesExpire;
    /// The extended error that it came with (RFC 8914), or extended_error::kNone.
    std::uint16_t extendedError = extended_error::kNone;
    /// How long the server keeps idle connections, in tenths of a second (RFC 7828), where it says.
    std::optional<std::uint16_t> keepaliveTenths;
    bool padded = false; ///< it came with a padding option (RFC 7830)
    /// How many bits of the question's subnet it is for (RFC 7871 §7.2.1), where it had one and the
    /// server says so.
    std::optional<std::uint8_t> subnetScope;

    /// What is kept of its flags; the rest is each client's own.
    std::uint16_t keptFlags() const {
        return static_cast<std::uint16_t>(rcode | (authenticData ? flag::kAuthenticData : 0));
    }
};

/// Whether a message that came with the ID of a query can be its answer: a response, to QUERY, with
/// this one question. Says nothing of its records.
bool isResponseTo(Bytes message, const Question& question);

/// Checks and cleans a message that came as the answer to question. Gives false, with the reason
/// for people, where it cannot be used: malformed, truncated, or the answer to another question or
/// for another subnet (RFC 7871 §7.3).
/// The message's ID is the caller's to check. OPT is cut (RFC 6891 §6.1.1: never cached or
/// forwarded). TTLs with the top bit set become 0 (RFC 2181 §8).
bool readUpstreamResponse(Bytes message, const Question& question, UpstreamResponse& response,
                          std::string& reason);

} // namespace sotto::engine
