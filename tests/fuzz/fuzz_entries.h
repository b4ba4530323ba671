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

} // namespace sotto::test
