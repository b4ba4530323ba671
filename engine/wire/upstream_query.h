// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"
#include "wire/question.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sotto::engine {

/// What may differ between queries besides their questions.
struct UpstreamQueryOptions {
    bool recursionDesired = true;
    /// Asks how long the server keeps idle connections (RFC 7828); over TCP only.
    bool keepalive = true;
    /// Pads to hide the length; not in clear text, where there is nothing to hide (RFC 7830 §6).
    bool padding = true;
    /// Told to the server of every question without a subnet of its own (RFC 7871).
    std::optional<ClientSubnet> subnet;
};

/// Appends a query for question, framed with its two-octet length (RFC 7766 §8), to out. Every
/// query leaves alike, so that it says as little as can be about who asks: RD and AD set, one OPT
/// of 1232 octets with an empty edns-tcp-keepalive option (RFC 7828 §3.2.1), the name in lower
/// case, padded to a multiple of 128 octets (RFC 8467 §4.1) where it is encrypted; only DO, CD and
/// the question's subnet follow the client.
void appendUpstreamQuery(std::vector<std::uint8_t>& out, std::uint16_t id, const Question& question,
                         const UpstreamQueryOptions& options);

} // namespace sotto::engine
