// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "engine/result.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace sotto::engine {

struct SslDeleter {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
template <class T>
using SslPointer = std::unique_ptr<T, SslDeleter>;

/// TLS client settings that all connections with the same authorities and the same certificate of
/// ours share: TLS 1.2 or newer, the peer always verified, ALPN "dot" (RFC 7858, RFC 8310 §8.1).
class TlsContext {
public:
    /// Of the upstream its authorities (none: the system's) and our certificate and key count.
    static Result<std::shared_ptr<TlsContext>> create(const UpstreamConfig& upstream);

    /// A connection's TLS state that will accept only the upstream's own certificate: its name,
    /// or the IP address where no name is set (RFC 8310 §8.1). Null when out of memory.
    SslPointer<SSL> connectionTo(const UpstreamConfig& upstream, const IpAddress& address) const;

private:
    explicit TlsContext(SslPointer<SSL_CTX> context);
    SslPointer<SSL_CTX> m_context;
};

/// OpenSSL's reason for the last failure on this thread; clears what else it noted.
std::string lastTlsReason();

} // namespace sotto::engine
