// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/dns_message.h"
#include "support/rdata_text.h"
#include "wire/question.h"

#include <string>
#include <string_view>
#include <vector>

/// Messages of the usual kinds, written by the tests' own code: what the engine's parsers are tried
/// with, whole and mutated.
namespace sotto::test {

struct NamedPacket {
    std::string name;
    Bytes wire;
};

/// Queries of clients that must be accepted.
std::vector<NamedPacket> goldenRequests();
/// Answers of upstreams, each to the question it carries; all must be accepted.
std::vector<NamedPacket> goldenResponses();

Name nameOf(std::string_view text);
Bytes bytesFromHex(std::string_view hex);
Record recordOf(std::string_view owner, std::uint16_t type, std::uint32_t ttl,
                std::string_view data);
/// A response to a question, without records.
Message responseTo(std::string_view name, std::uint16_t type);

/// The question of a test message as the engine holds it.
engine::Question engineQuestion(const Message& message, bool dnssecOk = false,
                                bool checkingDisabled = false);
engine::Question engineQuestion(std::string_view name, std::uint16_t type, bool dnssecOk = false,
                                bool checkingDisabled = false);

} // namespace sotto::test
