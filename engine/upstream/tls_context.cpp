// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/tls_context.h"

#include "upstream/certificate_verdict.h"
#include "upstream/tls_stream.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace sotto::engine {

namespace {

constexpr std::array<unsigned char, 4> kAlpn{3, 'd', 'o', 't'};

Error tlsError(std::string subject, std::string detail) {
    return {ErrorCode::TlsFailure, std::move(subject), std::move(detail)};
}

/// Gives how many certificates were added, or nothing where the text is broken in the middle.
int addAuthorities(X509_STORE* store, const std::string& pem) {
    const SslPointer<BIO> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    int added = 0;
    while (const SslPointer<X509> certificate{
        PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)}) {
        if (X509_STORE_add_cert(store, certificate.get()) == 1)
            ++added;
    }
    ERR_clear_error(); // the end of the text shows as an error
    return added;
}

/// Our own certificate, its chain behind it, and its key.
Result<void> showCertificate(SSL_CTX* context, const UpstreamConfig& upstream) {
    const auto source = [](const std::string& pem) {
        return SslPointer<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    };
    const auto certificates = source(upstream.clientCertificatePem);
    const SslPointer<X509> own(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    if (!own || SSL_CTX_use_certificate(context, own.get()) != 1)
        return tlsError("client certificate", "there is no certificate in the PEM text");
    while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr))
        SSL_CTX_add0_chain_cert(context, next);
    ERR_clear_error(); // the end of the text shows as an error
    const auto noPassword = [](char*, int, int, void*) { return -1; };
    const auto keyText = source(upstream.clientKeyPem);
    const SslPointer<EVP_PKEY> key(
        PEM_read_bio_PrivateKey(keyText.get(), nullptr, noPassword, nullptr));
    if (!key) {
        ERR_clear_error();
        return tlsError("client key", "there is no unencrypted private key in the PEM text");
    }
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
        ERR_clear_error();
        return tlsError("client key", "it does not belong to the client certificate");
    }
    return {};
}

} // namespace

std::string lastTlsReason() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char* reason = code ? ERR_reason_error_string(code) : nullptr;
    return reason ? reason : "OpenSSL gave no reason";
}

TlsContext::TlsContext(SslPointer<SSL_CTX> context)
    : m_context(std::move(context)) {}

Result<std::shared_ptr<TlsContext>> TlsContext::create(const UpstreamConfig& upstream) {
    SslPointer<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
    if (!context)
        return tlsError("TLS", lastTlsReason());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, rememberRefused);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                           SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    // Sessions are handed out, and once each, by SessionStore.
    SSL_CTX_set_session_cache_mode(context.get(),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context.get(), giveSessionToStream);
    SSL_CTX_set_read_ahead(context.get(), 1);
    if (SSL_CTX_set_alpn_protos(context.get(), kAlpn.data(), kAlpn.size()) != 0)
        return tlsError("ALPN", lastTlsReason());
    if (upstream.caPem.empty()) {
        if (SSL_CTX_set_default_verify_paths(context.get()) != 1)
            return tlsError("the system's certificate authorities", lastTlsReason());
    } else if (addAuthorities(SSL_CTX_get_cert_store(context.get()), upstream.caPem) == 0) {
        return tlsError("certificate authorities", "there is no certificate in the PEM text");
    }
    if (!upstream.clientCertificatePem.empty() || !upstream.clientKeyPem.empty()) {
        if (const auto shown = showCertificate(context.get(), upstream); !shown)
            return shown.error();
    }
    return std::shared_ptr<TlsContext>(new TlsContext(std::move(context)));
}

SslPointer<SSL> TlsContext::connectionTo(const UpstreamConfig& upstream,
                                         const IpAddress& address) const {
    SslPointer<SSL> ssl(SSL_new(m_context.get()));
    if (!ssl)
        return nullptr;
    X509_VERIFY_PARAM* verify = SSL_get0_param(ssl.get());
    X509_VERIFY_PARAM_set_hostflags(verify, kHostFlags);
    const auto nameAsAddress = IpAddress::parse(upstream.tlsName);
    bool ready = false;
    if (upstream.tlsName.empty() || nameAsAddress) {
        const IpAddress expected = nameAsAddress.value_or(address);
        ready =
            X509_VERIFY_PARAM_set1_ip(verify, expected.octets.data(), expected.isV6 ? 16 : 4) == 1;
    } else {
        ready = SSL_set1_host(ssl.get(), upstream.tlsName.c_str()) == 1 &&
                SSL_set_tlsext_host_name(ssl.get(), upstream.tlsName.c_str()) == 1;
    }
    SSL_set_connect_state(ssl.get());
    return ready ? std::move(ssl) : nullptr;
}

} // namespace sotto::engine
