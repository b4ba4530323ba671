// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::engine {

/// How an upstream is spoken to.
enum class Protocol : std::uint8_t {
    Tls, ///< DNS over TLS (RFC 7858)
    Udp, ///< in clear text, and over TCP what does not fit a datagram; for routes only
    Tcp, ///< in clear text; for routes only
};

/// One server, or several that answer alike under one name: a provider. Over TLS the strict profile
/// holds (RFC 8310 §5): its name or its address is verified against its certificate before a single
/// query leaves.
struct UpstreamConfig {
    static constexpr std::uint16_t kTlsPort = 853;
    static constexpr std::uint16_t kPlainPort = 53;
    static constexpr std::size_t kMaxAddresses = 16;

    Protocol protocol = Protocol::Tls;
    /// Where it is; the first that shakes hands is used (RFC 8305). Empty: tlsName is looked up, by
    /// the other upstreams that have addresses, or by ForwardConfig::bootstrap.
    std::vector<IpAddress> addresses;
    std::uint16_t port = kTlsPort;
    /// The name to verify and to send as SNI. Empty: the certificate must carry the IP address.
    std::string tlsName;
    /// PEM certificates that replace the system's certificate authorities. Empty: the system's.
    std::string caPem;
    /// The certificate (its chain behind it) and the unencrypted private key that we show to the
    /// server, as PEM; both or neither.
    std::string clientCertificatePem;
    std::string clientKeyPem;
    /// SHA-256 digests of the public keys (SPKI) that are accepted, as "sha256/BASE64"; one must
    /// match in addition to the verification above. Empty: any key.
    std::vector<std::string> pins;
    /// What people call it, e.g. "Quad9"; free text, may be empty.
    std::string label;

    /// Reads CoreDNS's forms "tls://ADDRESS[%NAME][:PORT]" and "dns://ADDRESS[:PORT]", and
    /// "tls://NAME[:PORT]" of a server whose address is looked up. An IPv6 address with a port is
    /// bracketed.
    static Result<UpstreamConfig> parse(std::string_view text);

    /// The same form back, with the first address, and the port only where it is not the usual one.
    std::string toString() const;

    bool isEncrypted() const { return protocol == Protocol::Tls; }

    bool operator==(const UpstreamConfig&) const = default;
};

} // namespace sotto::engine
