// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/client_subnet.h"
#include "wire/wire_name.h"

#include <cstdint>
#include <optional>

namespace sotto::engine {

/// What makes two questions the same for the cache and for coalescing: the name without regard to
/// case, type, class, and what of the client changes an upstream's answer: DO (RFC 6891 §6.1.4), CD
/// (RFC 4035 §3.2.2), and the subnet that it sent, where that is passed on (RFC 7871).
struct Question {
    WireName name; ///< folded to lower case
    std::uint16_t type = 0;
    std::uint16_t queryClass = 1;
    bool dnssecOk = false;
    bool checkingDisabled = false;
    /// Only under ClientSubnet::Mode::Pass. Answers to such questions are not kept.
    std::optional<SubnetOption> subnet;
    std::uint64_t hash = 0; ///< over all of the above, seeded per process

    bool operator==(const Question& other) const;
};

/// Folds the name and computes the hash. The seed is random, so that nobody outside can choose
/// names that collide.
Question makeQuestion(Bytes name, std::uint16_t type, std::uint16_t queryClass, bool dnssecOk,
                      bool checkingDisabled,
                      const std::optional<SubnetOption>& subnet = std::nullopt);

struct QuestionHash {
    std::size_t operator()(const Question& question) const { return question.hash; }
};

} // namespace sotto::engine
