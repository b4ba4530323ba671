// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "wire/byte_order.h"
#include "wire/question.h"

#include <cstddef>

/// Names that are answered on this computer and never leave it.
namespace sotto::engine {

/// Room that every answer of answerSpecialName() fits into.
inline constexpr std::size_t kSpecialAnswerRoom = 512;

/// What special names depend on.
struct SpecialNameSettings {
    bool browserCanary = true;
    CheckKey checkKey{};
};

/// Answers a question for a special name: writes the whole message into out, in the form of a
/// stored response that finishReply() makes the client's (only the rcode in the flags, the
/// question as folded, no OPT). out has at least kSpecialAnswerRoom octets. Gives the message's
/// size, or 0 where the name is not special. Pure; throws nothing, and but for check names
/// allocates nothing; a name that ends like none of these costs a few comparisons.
///
/// - localhost. and every name below it have the addresses 127.0.0.1 and ::1, and nothing else
///   (RFC 6761 §6.3).
/// - invalid., onion. and local. do not exist, nor does anything below (RFC 6761 §6.4, RFC 7686
///   §2, RFC 6762 §22.1: NXDOMAIN to all such queries).
/// - resolver.arpa. and every name below it have no data: we designate no resolver, and what the
///   upstream designates would lead the client past us (RFC 9462 §4, §6.4).
/// - home.arpa. (RFC 8375 §4) and the reverse zones of RFC 6303 §4 and RFC 7793 are the empty
///   zones of RFC 6303 §3: NXDOMAIN below the apex. The names of 127.0.0.1 and ::1 point to
///   localhost. c.f.ip6.arpa is left out: RFC 6303 §5 has it out of scope, since nobody has decided
///   yet whether registries give out fc00::/8.
/// - use-application-dns.net. does not exist where browserCanary is set, which asks browsers to
///   leave DNS to the system; names below it are not special.
///
/// - check.sotto.internal. and what is below never leave, whatever a route says: 16 hexadecimal
///   digits below it have the address 127.83.x.y, x and y being the first two octets of the
///   HMAC-SHA-256 (RFC 2104) of these digits in lower case under the check key; nothing else is
///   there, and every TTL is 0. By a new name and its address a program that knows the key finds
///   out that a look-up ended in this engine, and neither in a cache nor at an impostor.
///
/// test. and example. are not special here, though RFC 6761 lists them: people run real servers
/// under .test, and example.com answers publicly.
///
/// Every apex that exists has the SOA and NS records of RFC 6303 §3.
///
/// A DS record is the parent's (RFC 4035 §3.1.4.1). At the apexes below arpa., but for
/// resolver.arpa., it is therefore not special: a validating client needs the public proof that the
/// zone is insecure, or it would take our unsigned answers for forged ones (RFC 8375 §4 demands
/// this, RFC 6303 §7 builds on it). Such a question names a zone and nothing inside it.
///
/// The records are of class IN. Questions of other classes stay here as well: they get the same
/// response code, without records.
///
/// Negative answers carry the SOA of the apex, so that clients can keep them (RFC 2308 §3). Every
/// other TTL is 300 s and not the three hours of RFC 6303: a laptop moves to a network with names
/// of its own, or its owner has a private zone asked elsewhere, and both should count soon; an
/// answer costs us next to nothing anyway.
std::size_t answerSpecialName(const Question& question, const SpecialNameSettings& settings,
                              MutableBytes out);

bool isAtOrBelowCheckZone(Bytes name);

/// Whether a name in wire form, of any case, is check.sotto.internal. or below it. Such names are
/// answered also while forwarding is off, and are asked for by nobody but programs.
inline bool isCheckName(Bytes name) {
    constexpr std::size_t kShortest = 22;
    constexpr std::uint32_t kEnding = 0x726e616c; // "rnal"
    return name.size() >= kShortest && (load32(&name[name.size() - 5]) | 0x20202020) == kEnding &&
           isAtOrBelowCheckZone(name);
}

} // namespace sotto::engine
