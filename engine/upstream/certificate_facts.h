// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

/// What a certificate says, as text and numbers. Nothing here judges it.
namespace sotto::engine {

/// The DNS names and addresses that it is for (RFC 5280 §4.2.1.6), separated by commas; behind the
/// first `most` only how many more there are. Its subject is not looked at (RFC 9525 §6.1).
std::string certificateNames(const X509* certificate,
                             std::size_t most = std::numeric_limits<std::size_t>::max());
/// The common name of who signed it, else the organization; empty where it says neither.
std::string certificateIssuer(const X509* certificate);

/// Seconds since 1970; a time that cannot be read counts as never valid.
std::int64_t validFromUnix(const X509* certificate);
std::int64_t validUntilUnix(const X509* certificate);

/// The SHA-256 of its public key as "sha256/BASE64" (RFC 7858 §4.2); empty when out of memory.
std::string pinOf(const X509* certificate);
/// Whether text is written so, with 32 octets behind it.
bool isPin(std::string_view text);

/// "2026-02-01 00:00 UTC".
std::string timeText(std::int64_t unixSeconds);

} // namespace sotto::engine
