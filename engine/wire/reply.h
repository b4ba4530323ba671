// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/client_request.h"

#include <cstdint>
#include <span>

/// Answers to clients, written into the caller's buffer. Nothing here allocates.
namespace sotto::engine {

/// The largest OPT record that we add: header, and one extended error without text.
inline constexpr std::size_t kMaxOptOctets = 11 + 6;

/// Turns a stored response into the answer to one client's request: its ID, its spelling of the
/// question, its RD and CD, AD only where it asked for it (RFC 6840 §5.8), RA set and AA clear
/// because a forwarder is no authority, and an OPT only where it sent one.
///
/// message holds the stored wire bytes at its start (storedOctets of them) and has room for
/// kMaxOptOctets more. Answers over sizeLimit are cut to the question with TC set (RFC 2181 §9).
/// Gives the octets to send.
std::size_t finishReply(MutableBytes message, std::size_t storedOctets,
                        const ClientRequest& request, Bytes clientName, std::size_t sizeLimit);

/// An answer made here, without records: the question where it could be read, rcode (extended
/// ones too), and an extended error where the client speaks EDNS. buffer has room for at least
/// questionEnd() + kMaxOptOctets.
std::size_t writeErrorReply(MutableBytes buffer, const ClientRequest& request, Bytes clientName,
                            std::uint8_t rcode, std::uint16_t extendedError);

} // namespace sotto::engine
