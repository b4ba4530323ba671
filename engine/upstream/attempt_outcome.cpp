// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/upstream_attempt.h"

#include <array>

namespace sotto::engine {

namespace {

struct Outcome {
    std::string_view name;
    std::string_view text;
};

/// In the order of AttemptOutcome.
constexpr std::array<Outcome, 20> kOutcomes{{
    {"pending", "no answer yet"},
    {"answered", "it answered"},
    {"name_not_found", "its name could not be looked up"},
    {"unreachable", "the network has no way to it"},
    {"refused", "nothing listens on its port"},
    {"connect_timeout", "no answer on its port (blocked by the network, or down)"},
    {"tls_timeout", "the TLS handshake did not finish in time"},
    {"tls_failed", "the TLS handshake failed"},
    {"certificate_name", "its certificate is for another name"},
    {"certificate_expired", "its certificate has expired, or this computer's clock is wrong"},
    {"certificate_not_yet_valid",
     "its certificate is not valid yet, or this computer's clock is wrong"},
    {"certificate_untrusted", "its certificate is not signed by a trusted authority"},
    {"certificate_unfit", "its certificate was refused"},
    {"pin_mismatch", "none of the pinned keys was shown"},
    {"connection_lost", "the connection ended before the answer"},
    {"silent", "no answer in time"},
    {"bad_answer", "its answer could not be used"},
    {"server_failure", "it answered that it failed"},
    {"held", "it failed a moment ago and was not tried again"},
    {"system_failure", "this computer ran out of memory, files or ports"},
}};
static_assert(kOutcomes.size() == static_cast<std::size_t>(AttemptOutcome::SystemFailure) + 1);

} // namespace

std::string_view attemptOutcomeName(AttemptOutcome outcome) {
    return kOutcomes[static_cast<std::size_t>(outcome)].name;
}

std::string_view attemptOutcomeText(AttemptOutcome outcome) {
    return kOutcomes[static_cast<std::size_t>(outcome)].text;
}

} // namespace sotto::engine
