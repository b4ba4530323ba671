// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"
#include "fuzz_require.h"

#include "listen/stream_framer.h"

#include <algorithm>
#include <vector>

namespace sotto::test {

namespace {

using Octets = std::vector<std::uint8_t>;

/// The whole messages at a stream's start, and how much of it they take.
std::vector<Octets> cutWhole(const Octets& stream, std::size_t& taken) {
    std::vector<Octets> messages;
    taken = 0;
    while (stream.size() - taken >= 2) {
        const std::size_t length = std::size_t{stream[taken]} << 8 | stream[taken + 1];
        if (stream.size() - taken - 2 < length)
            break;
        const auto start = stream.begin() + static_cast<std::ptrdiff_t>(taken + 2);
        messages.emplace_back(start, start + static_cast<std::ptrdiff_t>(length));
        taken += 2 + length;
    }
    return messages;
}

} // namespace

void tryTcpStream(FuzzInput input) {
    constexpr std::uint8_t kTakeOne = 0;
    constexpr std::uint8_t kTakeAll = 255;
    engine::StreamFramer framer;
    Octets stream;
    std::vector<Octets> messages;
    std::size_t taken = 0;
    const auto take = [&] {
        const auto message = framer.next();
        if (!message)
            return false;
        messages.emplace_back(message->begin(), message->end());
        taken += 2 + message->size();
        return true;
    };
    for (std::size_t at = 0; at < input.size();) {
        const std::uint8_t step = input[at++];
        if (step == kTakeOne) {
            take();
        } else if (step == kTakeAll) {
            while (take()) {
            }
        } else {
            const auto chunk = input.subspan(at, std::min<std::size_t>(step, input.size() - at));
            framer.append(chunk);
            stream.insert(stream.end(), chunk.begin(), chunk.end());
            at += chunk.size();
        }
        require(framer.waiting() == stream.size() - taken, "what waits is what was not taken");
    }
    while (take()) {
    }
    std::size_t whole = 0;
    require(messages == cutWhole(stream, whole), "the messages are those of the stream");
    require(framer.waiting() == stream.size() - whole, "the rest waits");
}

} // namespace sotto::test
