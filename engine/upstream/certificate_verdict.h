// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/upstream_attempt.h"
#include "upstream/tls_context.h"
#include "upstream/certificate_facts.h"
#include <optional>
namespace sotto::engine {
struct CertificateVerdict { AttemptOutcome outcome; std::string reason; };
inline CertificateVerdict verdictOnFailure(SSL* ssl, const UpstreamConfig& u, const IpAddress&, std::int64_t) {
    return {AttemptOutcome::CertificateUnfit, describeVerifyFailure(ssl, u)};
}
inline std::optional<CertificateVerdict> verdictOnPins(SSL* ssl, const std::vector<std::string>& pins) {
    std::string found;
    if (matchesPins(ssl, pins, found)) return std::nullopt;
    return CertificateVerdict{AttemptOutcome::PinMismatch, "none of the pinned keys was shown; the server's key is " + found};
}
inline std::int64_t expiryOf(const X509* c) { return validUntilUnix(c); }
inline std::string warningOnExpiry(std::int64_t, std::int64_t) { return {}; }
inline bool mayResume(SSL_SESSION*, const UpstreamConfig&, const IpAddress&, std::int64_t) { return true; }
}
