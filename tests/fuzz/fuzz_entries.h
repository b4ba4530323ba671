// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// What holds for any input, whoever made it. Each function ends the program with a message where
/// it does not; it allocates no more than the input is worth and keeps nothing from call to call.
namespace sotto::test {

using FuzzInput = std::span<const std::uint8_t>;

/// A client's message: whatever is answered is a response that the tests' own reader accepts, and
/// what goes on to an upstream is a well-formed, padded query for the same question.
void tryClientRequest(FuzzInput input);

/// An upstream's message, taken as the answer to the question it carries (the lowest bits of its ID
/// stand for DO and CD): whatever is accepted can be read by the tests' own reader, before it is
/// kept, when it comes aged from the cache, and as a client's reply.
void tryUpstreamResponse(FuzzInput input);

/// Names in wire form and in text, and records as text.
void tryNames(FuzzInput input);

/// Type, class, an octet of flags (canary, DO, CD) and a name: what is answered here fits into its
/// room and is an answer that the tests' own reader accepts.
void trySpecialNames(FuzzInput input);

/// A sequence of operations on a small cache, compared with a simple model of it: whatever it gives
/// is what was last kept for that question, as fresh or as stale as the configuration allows, and
/// it stays within its bounds.
void tryCache(FuzzInput input);

/// A stream in chunks, each with the length of its own octets before it (0: a message is taken,
/// 255: all are): the messages are those that the whole stream has.
void tryTcpStream(FuzzInput input);

/// The body of a kept cache, to which head and digest are added: whatever it holds, what comes in
/// can be read by the tests' own reader, and a snapshot of that comes back as it was.
void tryCacheSnapshot(FuzzInput input);

/// The body of kept TLS sessions, to which head and checksum are added: whatever it holds, the
/// bounds hold, and what comes in is written and read again as it was.
void trySessionStore(FuzzInput input);

} // namespace sotto::test
