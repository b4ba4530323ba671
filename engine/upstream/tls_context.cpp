// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/tls_context.h"

#include "upstream/tls_stream.h"
#include "upstream/certificate_facts.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <algorithm>
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

std::string expectedIdentity(const UpstreamConfig& upstream) {
    return upstream.tlsName.empty() ? upstream.addresses.front().toString() : upstream.tlsName;
}

void freeCertificate(void*, void* certificate, CRYPTO_EX_DATA*, int, long, void*) {
    X509_free(static_cast<X509*>(certificate));
}

/// Where an SSL keeps the certificate that was refused: OpenSSL forgets the peer's certificates
/// when it ends a handshake because of them.
int refusedCertificateIndex() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, freeCertificate);
    return index;
}

/// OpenSSL's verify callback: changes no verdict, and remembers what was refused.
int rememberRefused(int accepted, X509_STORE_CTX* store) {
    auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    X509* certificate = X509_STORE_CTX_get_current_cert(store);
    if (accepted == 1 || !ssl || !certificate)
        return accepted;
    X509_free(static_cast<X509*>(SSL_get_ex_data(ssl, refusedCertificateIndex())));
    X509_up_ref(certificate);
    if (SSL_set_ex_data(ssl, refusedCertificateIndex(), certificate) != 1)
        X509_free(certificate);
    return accepted;
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
    // Names in a certificate's subject are not looked at (RFC 9525 §6.1).
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                                X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
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

std::string describeVerifyFailure(SSL* ssl, const UpstreamConfig& upstream) {
    const auto* certificate =
        static_cast<const X509*>(SSL_get_ex_data(ssl, refusedCertificateIndex()));
    if (!certificate)
        return "the server showed no certificate";
    const long result = SSL_get_verify_result(ssl);
    switch (result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
        const std::string names = certificateNames(certificate, 4);
        return "the certificate is not for " + expectedIdentity(upstream) +
               (names.empty() ? " (it carries no name)" : " (it is for " + names + ")");
    }
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "the certificate expired on " + timeText(validUntilUnix(certificate)) +
               " (or this computer's clock is wrong)";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "the certificate is valid only from " + timeText(validFromUnix(certificate)) +
               " on (or this computer's clock is wrong)";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "the certificate is self-signed";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: // by another key under the authority's name
        return "the certificate is not signed by a trusted authority";
    case X509_V_ERR_INVALID_PURPOSE:
        return "the certificate is not meant for servers";
    default:
        return std::string("the certificate was refused: ") + X509_verify_cert_error_string(result);
    }
}

bool matchesPins(SSL* ssl, const std::vector<std::string>& pins, std::string& found) {
    if (pins.empty())
        return true;
    const STACK_OF(X509)* chain = SSL_get0_verified_chain(ssl);
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        const std::string pin = pinOf(sk_X509_value(chain, i));
        if (i == 0)
            found = pin;
        if (std::find(pins.begin(), pins.end(), pin) != pins.end())
            return true;
    }
    return false;
}

} // namespace sotto::engine
