// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

namespace sotto::test {
namespace {

constexpr std::uint32_t kMostEarlyData = 16384;

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, FreeContext>;
struct FreeX509 {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using CertificatePtr = std::unique_ptr<X509, FreeX509>;
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

ServerTls::Hello& helloOf(SSL* ssl) {
    return *static_cast<ServerTls::Hello*>(SSL_get_app_data(ssl));
}

int chooseProtocol(SSL* ssl, const unsigned char** out, unsigned char* outLength,
                   const unsigned char* in, unsigned int inLength, void* choosesDot) {
    std::vector<std::string>& offered = helloOf(ssl).alpn;
    offered.clear();
    int result = SSL_TLSEXT_ERR_NOACK;
    for (unsigned int at = 0; at < inLength; at += 1u + in[at]) {
        offered.emplace_back(reinterpret_cast<const char*>(in + at + 1), in[at]);
        if (offered.back() == "dot" && choosesDot) {
            *out = in + at + 1;
            *outLength = in[at];
            result = SSL_TLSEXT_ERR_OK;
        }
    }
    return result;
}

/// The ticket of TLS 1.3 (RFC 8446 §4.2.11: the first identity) or of TLS 1.2 (RFC 5077 §3.2).
std::string ticketIn(SSL* ssl) {
    const unsigned char* data = nullptr;
    std::size_t length = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_psk, &data, &length) == 1 && length > 4) {
        const std::size_t size = std::size_t{data[2]} << 8 | data[3];
        return {reinterpret_cast<const char*>(data + 4), std::min(size, length - 4)};
    }
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_session_ticket, &data, &length) == 1)
        return {reinterpret_cast<const char*>(data), length};
    return {};
}

int readHello(SSL* ssl, int*, void*) {
    ServerTls::Hello& hello = helloOf(ssl);
    const unsigned char* data = nullptr;
    std::size_t length = 0;
    hello.ticket = ticketIn(ssl);
    hello.earlyData = SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_early_data, &data, &length) == 1;
    return SSL_CLIENT_HELLO_SUCCESS;
}

int acceptAnyCertificate(int, X509_STORE_CTX*) {
    return 1;
}

int refuseEarlyData(SSL*, void*) {
    return 0;
}

int versionNumber(ServerScript::Tls version) {
    switch (version) {
    case ServerScript::Tls::V1_1:
        return TLS1_1_VERSION;
    case ServerScript::Tls::V1_2:
        return TLS1_2_VERSION;
    case ServerScript::Tls::V1_3:
        break;
    }
    return TLS1_3_VERSION;
}

BioPtr reading(const std::string& pem) {
    return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

bool useIdentity(SSL_CTX* context, const Identity& identity) {
    const BioPtr chain = reading(identity.chainPem);
    const CertificatePtr leaf(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
    if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1)
        return false;
    while (X509* next = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr))
        if (SSL_CTX_add0_chain_cert(context, next) != 1)
            return false;
    ERR_clear_error(); // the end of the chain is one
    EVP_PKEY* key =
        PEM_read_bio_PrivateKey(reading(identity.keyPem).get(), nullptr, nullptr, nullptr);
    const bool good = key && SSL_CTX_use_PrivateKey(context, key) == 1;
    EVP_PKEY_free(key);
    return good;
}

void setUpSessions(SSL_CTX* context, const ServerState& state, const ServerScript& script) {
    static constexpr unsigned char kSessionContext[] = "sotto-test";
    SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext - 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    auto keys = state.ticketKeys();
    SSL_CTX_set_tlsext_ticket_keys(context, keys.data(), keys.size());
    if (!script.tickets) {
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(context, 0);
    }
    if (script.earlyData == ServerScript::ZeroRtt::NotOffered)
        return;
    // Without this OpenSSL would keep sessions in the context, of which each connection has its
    // own. Whether a ticket comes twice is noted by ServerState.
    SSL_CTX_set_options(context, SSL_OP_NO_ANTI_REPLAY);
    SSL_CTX_set_max_early_data(context, kMostEarlyData);
    SSL_CTX_set_recv_max_early_data(context, kMostEarlyData);
    if (script.earlyData == ServerScript::ZeroRtt::Rejected)
        SSL_CTX_set_allow_early_data_cb(context, refuseEarlyData, nullptr);
}

std::string pinOf(X509* certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return Identity{std::string(text, static_cast<std::size_t>(length)), {}}.pin();
}

} // namespace

ServerTls makeServerTls(const ServerState& state, const ServerScript& script, std::string& why) {
    const ContextPtr context(SSL_CTX_new(TLS_server_method()));
    if (script.oldest == ServerScript::Tls::V1_1)
        SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0"); // for its signatures
    SSL_CTX_set_min_proto_version(context.get(), versionNumber(script.oldest));
    SSL_CTX_set_max_proto_version(context.get(), versionNumber(script.newest));
    if (!useIdentity(context.get(), state.identity())) {
        why = takeTlsError();
        return {};
    }
    static int yes = 1;
    SSL_CTX_set_alpn_select_cb(context.get(), chooseProtocol, script.alpn ? &yes : nullptr);
    SSL_CTX_set_client_hello_cb(context.get(), readHello, nullptr);
    if (script.clientCertificate != ServerScript::ClientCertificate::NotAsked) {
        const bool must = script.clientCertificate == ServerScript::ClientCertificate::Demanded;
        SSL_CTX_set_verify(context.get(),
                           SSL_VERIFY_PEER | (must ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                           acceptAnyCertificate);
    }
    setUpSessions(context.get(), state, script);

    ServerTls tls;
    tls.hello = std::make_unique<ServerTls::Hello>();
    tls.ssl.reset(SSL_new(context.get()));
    SSL_set_app_data(tls.ssl.get(), tls.hello.get());
    SSL_set_bio(tls.ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(tls.ssl.get());
    return tls;
}

void noteHandshake(const ServerTls& tls, SeenConnection& connection) {
    SSL* ssl = tls.ssl.get();
    if (const char* sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name))
        connection.sni = sni;
    connection.offeredAlpn = tls.hello->alpn;
    connection.offeredTicket = !tls.hello->ticket.empty();
    connection.offeredEarlyData = tls.hello->earlyData;
    connection.earlyDataAccepted = SSL_get_early_data_status(ssl) == SSL_EARLY_DATA_ACCEPTED;
    const unsigned char* protocol = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(ssl, &protocol, &length);
    if (length > 0)
        connection.alpn.assign(reinterpret_cast<const char*>(protocol), length);
    connection.tlsVersion = SSL_get_version(ssl);
    if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl))
        connection.cipher = SSL_CIPHER_get_name(cipher);
    connection.resumed = SSL_session_reused(ssl) == 1;
    if (const CertificatePtr shown{SSL_get1_peer_certificate(ssl)})
        connection.clientPin = pinOf(shown.get());
}

std::string takeTlsError() {
    const unsigned long code = ERR_peek_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason ? reason : "unknown error";
}

} // namespace sotto::test
