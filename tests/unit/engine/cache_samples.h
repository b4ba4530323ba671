// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "golden_packets.h"

#include "cache/response_cache.h"

#include <cstdint>
#include <optional>
#include <string_view>

/// Answers to put into a cache, and looks at what it holds.
namespace sotto::test {

/// Any moment of the boot clock.
inline constexpr std::uint32_t kNow = 100000;

/// An answer with its question, as the engine holds both.
struct Sample {
    engine::Question question;
    engine::UpstreamResponse response;
    engine::AnswerKind kind = engine::AnswerKind::Positive;
};

/// What the message is to the engine. The message must be one that it accepts.
Sample sampleOf(const Message& message, bool dnssecOk = false, bool checkingDisabled = false);
/// One address.
Message addressMessage(std::string_view name, std::string_view address = "192.0.2.1",
                       std::uint32_t ttl = 60);
Sample sample(std::string_view name, std::string_view address = "192.0.2.1",
              std::uint32_t ttl = 60);
/// NXDOMAIN with an SOA record, and SERVFAIL, to the question of sample().
Sample denialOf(std::string_view name, std::uint32_t ttl = 60);
Sample failureOf(std::string_view name);

/// Keeps the sample; gives what ResponseCache::insert() says.
bool insert(engine::ResponseCache& cache, const Sample& what, std::uint32_t now = kNow,
            std::uint32_t lifetime = 60);

/// What a look-up gave, with the whole message where there is one.
struct Look {
    engine::ResponseCache::Found found;
    std::optional<Message> message;
};
Look lookAt(engine::ResponseCache& cache, const engine::Question& question, std::uint32_t now,
            engine::ResponseCache::Use use = engine::ResponseCache::Use::Client);
/// The message alone.
std::optional<Message> look(engine::ResponseCache& cache, const engine::Question& question,
                            std::uint32_t now);

} // namespace sotto::test
