// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/upstream_attempt.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::engine {

/// Names in presentation form that a test of an upstream asks for; an empty one is left out.
struct UpstreamTestNames {
    std::string plain;      ///< a name that everybody answers: its A record times the query
    std::string signedGood; ///< its signatures are right: AD says whether they are checked
    std::string signedBad;  ///< its signatures are wrong: who checks them answers SERVFAIL
    std::string filtered;   ///< a name that filters of malware or ads block, and others answer
};

/// What a server can do, as measured. Times are microseconds; what is not known (yet) is absent.
struct UpstreamTestReport {
    bool finished = false;
    std::string error; ///< why the test could not go on, for people; empty while all is well
    AttemptOutcome outcome = AttemptOutcome::Pending; ///< the same for programs, where it is known

    // Where the TLS handshake failed, of the server that was come farthest with.
    std::optional<IpAddress> address;           ///< the one that was tested
    std::optional<std::uint32_t> connectMicros; ///< TCP handshake
    std::optional<std::uint32_t> tlsMicros;     ///< full TLS handshake
    std::optional<std::uint32_t> queryMicros;   ///< the first query's answer
    std::string tlsVersion;
    std::string cipher;

    std::string certificateNames; ///< DNS names and addresses, separated by commas
    std::string issuer;           ///< its common name, or organization
    std::int64_t validFromUnixSeconds = 0;
    std::int64_t validUntilUnixSeconds = 0;
    std::string pin; ///< of the server's key, "sha256/BASE64"

    std::optional<bool> resumes;   ///< a second connection resumed the first one's session
    std::optional<bool> earlyData; ///< its tickets allow it, and a query sent so was answered
    /// Its tickets allow it, and it was not tried, because ForwardConfig::earlyData is off.
    bool earlyDataOff = false;
    std::optional<bool> keepalive; ///< it tells how long it keeps idle connections (RFC 7828)
    std::uint32_t keepaliveMillis = 0;
    std::optional<bool> padding;    ///< answers are padded (RFC 7830) …
    std::uint32_t paddedTo = 0;     ///< … to a multiple of so many octets; 0: another way
    std::optional<bool> validates;  ///< AD for the good name
    std::optional<bool> refusesBad; ///< SERVFAIL for the name with wrong signatures
    std::optional<bool> filters;    ///< the filtered name got no address, or a fenced one
    std::optional<bool> answers;    ///< the plain name got an address
    /// An IPv6 address of it shook hands; absent where it has none, or we have no IPv6.
    std::optional<bool> ipv6;
};

} // namespace sotto::engine
