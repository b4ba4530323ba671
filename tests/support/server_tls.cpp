// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_tls.h"

#include <openssl/ssl.h>

#include <asio/buffer.hpp>

#include <memory>

namespace sotto::test {
namespace {

using ProtocolList = std::vector<std::string>;

void freeOffered(void*, void* offered, CRYPTO_EX_DATA*, int, long, void*) {
    delete static_cast<ProtocolList*>(offered);
}

/// Where the protocols that a client offered are kept on its SSL object.
int offeredIndex() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, freeOffered);
    return index;
}

int chooseProtocol(SSL* ssl, const unsigned char** out, unsigned char* outLength,
                   const unsigned char* in, unsigned int inLength, void* choosesDot) {
    auto offered = std::make_unique<ProtocolList>();
    int result = SSL_TLSEXT_ERR_NOACK;
    for (unsigned int at = 0; at < inLength; at += 1u + in[at]) {
        const std::string protocol(reinterpret_cast<const char*>(in + at + 1), in[at]);
        if (protocol == "dot" && choosesDot) {
            *out = in + at + 1;
            *outLength = in[at];
            result = SSL_TLSEXT_ERR_OK;
        }
        offered->push_back(protocol);
    }
    delete static_cast<ProtocolList*>(SSL_get_ex_data(ssl, offeredIndex()));
    SSL_set_ex_data(ssl, offeredIndex(), offered.release());
    return result;
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

} // namespace

asio::ssl::context makeServerTls(const ServerState& state, const ServerScript& script) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    const Identity identity = state.identity();
    context.use_certificate_chain(asio::buffer(identity.chainPem));
    context.use_private_key(asio::buffer(identity.keyPem), asio::ssl::context::pem);

    SSL_CTX* handle = context.native_handle();
    if (script.oldest == ServerScript::Tls::V1_1)
        SSL_CTX_set_cipher_list(handle, "DEFAULT:@SECLEVEL=0"); // else TLS 1.1 has no signatures
    SSL_CTX_set_min_proto_version(handle, versionNumber(script.oldest));
    SSL_CTX_set_max_proto_version(handle, versionNumber(script.newest));

    static int yes = 1;
    SSL_CTX_set_alpn_select_cb(handle, chooseProtocol, script.alpn ? &yes : nullptr);

    static constexpr unsigned char kSessionContext[] = "sotto-test";
    SSL_CTX_set_session_id_context(handle, kSessionContext, sizeof kSessionContext - 1);
    SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF);
    auto keys = state.ticketKeys();
    SSL_CTX_set_tlsext_ticket_keys(handle, keys.data(), keys.size());
    if (!script.tickets) {
        SSL_CTX_set_options(handle, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(handle, 0);
    }
    return context;
}

void noteHandshake(SSL* ssl, SeenConnection& connection) {
    if (const char* sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name))
        connection.sni = sni;
    if (const auto* offered =
            static_cast<const ProtocolList*>(SSL_get_ex_data(ssl, offeredIndex())))
        connection.offeredAlpn = *offered;
    const unsigned char* protocol = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(ssl, &protocol, &length);
    if (length > 0)
        connection.alpn.assign(reinterpret_cast<const char*>(protocol), length);
    connection.tlsVersion = SSL_get_version(ssl);
    if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl))
        connection.cipher = SSL_CIPHER_get_name(cipher);
    connection.resumed = SSL_session_reused(ssl) == 1;
}

} // namespace sotto::test
