// SPDX-License-Identifier: GPL-3.0-or-later
#include "memory_tls_server.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace sotto::test {
namespace {

void require(bool good, const char* what) {
    if (good)
        return;
    std::fprintf(stderr, "TLS server in memory: %s failed\n", what);
    ERR_print_errors_fp(stderr);
    std::abort();
}

BIO* reading(const std::string& pem) {
    return BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
}

enum class Step { Finished, Waits, Failed };

Step goOn(SSL* ssl) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl);
    if (result == 1)
        return Step::Finished;
    const int error = SSL_get_error(ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? Step::Waits
                                                                         : Step::Failed;
}

} // namespace

MemoryTlsServer::MemoryTlsServer(const Identity& identity, const Options& options)
    : m_context(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX* context = m_context.get();
    require(context != nullptr, "making a context");
    SSL_CTX_set_min_proto_version(context, options.version);
    SSL_CTX_set_max_proto_version(context, options.version);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, options.tickets);
    SSL_CTX_set_timeout(context, options.ticketSeconds);
    SSL_CTX_set_max_early_data(context, options.maxEarlyData);
    SSL_CTX_set_options(context, SSL_OP_NO_ANTI_REPLAY); // which would need a cache

    BIO* chain = reading(identity.chainPem);
    bool first = true;
    while (X509* certificate = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr)) {
        if (first)
            require(SSL_CTX_use_certificate(context, certificate) == 1, "using a certificate");
        else
            require(SSL_CTX_add1_chain_cert(context, certificate) == 1, "adding to the chain");
        X509_free(certificate);
        first = false;
    }
    BIO_free(chain);
    BIO* source = reading(identity.keyPem);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(source, nullptr, nullptr, nullptr);
    BIO_free(source);
    require(key && SSL_CTX_use_PrivateKey(context, key) == 1, "using a key");
    EVP_PKEY_free(key);
    ERR_clear_error();
}

MemoryTlsServer::~MemoryTlsServer() = default;

bool MemoryTlsServer::shakeHands(SSL* client) {
    constexpr int kMostRounds = 20;
    m_connection.reset(SSL_new(m_context.get()));
    BIO* near = nullptr;
    BIO* far = nullptr;
    require(m_connection && BIO_new_bio_pair(&near, 0, &far, 0) == 1, "connecting");
    SSL_set_bio(client, near, near);
    SSL_set_bio(m_connection.get(), far, far);
    SSL_set_accept_state(m_connection.get());
    for (int round = 0; round < kMostRounds; ++round) {
        const Step here = goOn(client);
        if (here == Step::Failed)
            return false;
        const Step there = goOn(m_connection.get());
        if (there == Step::Failed) {
            goOn(client); // it may have been told why
            return false;
        }
        if (here == Step::Finished && there == Step::Finished)
            return true;
    }
    return false;
}

void MemoryTlsServer::readTickets(SSL* client) {
    std::array<unsigned char, 16> nothing;
    SSL_read(client, nothing.data(), nothing.size()); // they come before the data
    ERR_clear_error();
}

} // namespace sotto::test
