// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_attempt.h"
#include "engine/upstream_config.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Whether a server is who it should be, and what to tell people where it is not. Times are seconds
/// since 1970 by this computer's clock, which may be wrong.
namespace sotto::engine {

struct CertificateVerdict {
    AttemptOutcome outcome = AttemptOutcome::CertificateUnfit;
    std::string reason; ///< a sentence that names what was expected and what was found
};

/// How names are compared: those in a certificate's subject are not looked at (RFC 9525 §6.1).
inline constexpr unsigned kHostFlags =
    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

/// OpenSSL's verify callback: changes no verdict, and remembers for verdictOnFailure() and
/// shownCertificate() what was refused.
int rememberRefused(int accepted, X509_STORE_CTX* store);

/// The server's own certificate, be it refused; null before it was shown.
const X509* shownCertificate(SSL* ssl);

/// When these sources were written, or committed: the time can be no earlier. The same for
/// everybody who builds them.
std::int64_t buildDateUnix();

/// Why a handshake with the upstream at address failed, where SSL_get_verify_result() tells of its
/// certificate. Dates that only a wrong clock explains are told as that: a clock that is more than
/// a day behind the build date, or more than ten years ahead of it.
CertificateVerdict verdictOnFailure(SSL* ssl, const UpstreamConfig& upstream,
                                    const IpAddress& address, std::int64_t nowUnix,
                                    std::int64_t buildUnix = buildDateUnix());

/// After a handshake: nothing where a certificate of the verified chain has one of the pinned keys,
/// or where there are no pins; a resumed connection is judged as by mayResume(). Notes in the
/// session that it met the pins, which later tickets of this connection inherit.
std::optional<CertificateVerdict> verdictOnPins(SSL* ssl, const std::vector<std::string>& pins);

/// Whether a session of an earlier connection may be offered, as no certificate is shown when it is
/// resumed: that of the earlier connection must be good for the upstream at address today, by name,
/// dates and pins. Of a chain a session keeps the server's own certificate only. Where that has
/// none of the pinned keys, because an authority's is pinned, the session must carry the note of
/// verdictOnPins() that the same pins were met; one that was taken down before they were checked,
/// as TLS 1.2 gives them, does not. That it was signed by the right authority is for the key under
/// which it was kept to say (sessionKeyOf).
bool mayResume(SSL_SESSION* session, const UpstreamConfig& upstream, const IpAddress& address,
               std::int64_t nowUnix);

/// "its certificate ends in 3 days", where it ends within a week and two thirds of its life are
/// over, so that one that lives for days only is not always near its end; else empty.
std::string warningOnExpiry(std::int64_t validFromUnix, std::int64_t validUntilUnix,
                            std::int64_t nowUnix);

} // namespace sotto::engine
