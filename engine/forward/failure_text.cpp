// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/failure_text.h"

#include "upstream/telling_outcome.h"
#include "wire/extended_error.h"

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::string_view textOf(AttemptOutcome outcome) {
    switch (outcome) {
    case AttemptOutcome::NameNotFound:
        return "the upstream's name was not found";
    case AttemptOutcome::TlsTimeout:
    case AttemptOutcome::TlsFailed:
        return "the upstream's TLS handshake failed";
    case AttemptOutcome::CertificateName:
    case AttemptOutcome::CertificateUntrusted:
    case AttemptOutcome::CertificateUnfit:
        return "the upstream's certificate was refused";
    case AttemptOutcome::CertificateExpired:
        return "certificate expired, or a wrong clock";
    case AttemptOutcome::CertificateNotYetValid:
        return "certificate not valid yet: wrong clock?";
    case AttemptOutcome::PinMismatch:
        return "the upstream's key is not the pinned one";
    case AttemptOutcome::SystemFailure:
        return "out of memory, files or ports";
    default:
        return "no upstream could be reached";
    }
}

constexpr bool allFit() {
    for (int i = 0; i <= static_cast<int>(AttemptOutcome::SystemFailure); ++i) {
        if (textOf(static_cast<AttemptOutcome>(i)).size() > extended_error::kMaxTextOctets)
            return false;
    }
    return true;
}
static_assert(allFit());

} // namespace

std::string_view failureText(const Exchange::Outcome& outcome) {
    if (outcome.sent)
        return extended_error::textOf(extended_error::kNoReachableAuthority);
    if (outcome.allDown)
        return "all upstreams are down";
    if (outcome.attemptCount == 0)
        return "no upstream is configured";
    const UpstreamAttempt* first = outcome.attempts.data();
    const UpstreamAttempt* telling = std::max_element(
        first, first + outcome.attemptCount, [](const auto& left, const auto& right) {
            return weightOf(left.outcome) < weightOf(right.outcome);
        });
    return textOf(telling->outcome);
}

} // namespace sotto::engine
