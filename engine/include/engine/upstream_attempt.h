// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"

#include <cstdint>
#include <string_view>

namespace sotto::engine {

/// How one try to get an answer from an upstream ended.
enum class AttemptOutcome : std::uint8_t {
    Pending,            ///< not over, or given up because another one was faster
    Answered,           ///< with the answer that was given to the client
    NameNotFound,       ///< the upstream's own name could not be looked up
    Unreachable,        ///< the network has no way to it
    Refused,            ///< nothing listens on its port
    ConnectTimeout,     ///< no answer to the TCP handshake: blocked, or down
    TlsTimeout,         ///< no answer to the TLS handshake
    TlsFailed,          ///< the TLS handshake failed for another reason than the certificate
    CertificateName,    ///< the certificate is for another name or address
    CertificateExpired, ///< or this computer's clock is wrong
    CertificateNotYetValid,
    CertificateUntrusted, ///< not signed by a trusted authority, or self-signed
    CertificateUnfit,     ///< refused for another reason
    PinMismatch,          ///< none of the pinned keys was shown
    ConnectionLost,       ///< after the query was sent
    Silent,               ///< sent, but not answered in time
    BadAnswer,            ///< malformed, or not for this question
    ServerFailure,        ///< a response code of ForwardConfig::failover
    Held,                 ///< not tried: it failed a moment ago
    SystemFailure,        ///< out of memory, descriptors or ports
};

/// A short name for programs, such as "pin_mismatch".
std::string_view attemptOutcomeName(AttemptOutcome outcome);
/// The same for people, as a phrase in English.
std::string_view attemptOutcomeText(AttemptOutcome outcome);

/// What an attempt's connection was.
enum class ConnectionUse : std::uint8_t {
    None,      ///< there was none
    Reused,    ///< open before
    New,       ///< with a full handshake
    Resumed,   ///< with a ticket from an earlier connection (RFC 8446 §2.2)
    EarlyData, ///< resumed, and the query went with the first flight (RFC 8446 §2.3)
    Plain,     ///< in clear text
};

/// One upstream's part in answering a query. Times are microseconds.
struct UpstreamAttempt {
    std::uint32_t upstreamId = 0;    ///< UpstreamStatus::id
    std::uint32_t startedMicros = 0; ///< after the query arrived
    std::uint32_t tookMicros = 0;    ///< until its outcome, or until it was given up
    std::uint32_t connectMicros = 0; ///< TCP handshake, where it had to be waited for
    std::uint32_t tlsMicros = 0;     ///< TLS handshake, where it had to be waited for
    IpAddress address;               ///< where it went, or was tried last
    AttemptOutcome outcome = AttemptOutcome::Pending;
    ConnectionUse connection = ConnectionUse::None;
    std::uint8_t rcode = 0; ///< where there was an answer
    bool raced = false;     ///< sent because the first was later than usual (Policy::Race)

    bool operator==(const UpstreamAttempt&) const = default;
};

} // namespace sotto::engine
