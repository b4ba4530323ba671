// SPDX-License-Identifier: GPL-3.0-or-later
#include "tls_samples.h"

namespace sotto::test {
namespace {

using Sessions = std::vector<engine::SslPointer<SSL_SESSION>>;

int keepSession(SSL* ssl, SSL_SESSION* session) {
    static_cast<Sessions*>(SSL_get_app_data(ssl))->emplace_back(session);
    return 1; // the reference is ours
}

} // namespace

engine::UpstreamConfig upstreamOf(const ThrowawayCa& ca) {
    engine::UpstreamConfig upstream;
    upstream.addresses = {*engine::IpAddress::parse("192.0.2.1")};
    upstream.tlsName = kServerName;
    upstream.caPem = ca.certificatePem();
    return upstream;
}

LeafOptions goodLeaf() {
    LeafOptions leaf;
    leaf.dnsNames = {kServerName};
    leaf.ipAddresses = {"192.0.2.1"};
    return leaf;
}

TlsConnection connectTo(MemoryTlsServer& server, const engine::UpstreamConfig& upstream,
                        SSL_SESSION* session, const std::function<bool(SSL*)>& accepts) {
    TlsConnection connection;
    const auto context = engine::TlsContext::create(upstream);
    if (!context)
        return connection;
    connection.ssl = context.value()->connectionTo(upstream, upstream.addresses.front());
    SSL* ssl = connection.ssl.get();
    SSL_CTX_set_session_cache_mode(SSL_get_SSL_CTX(ssl),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(SSL_get_SSL_CTX(ssl), keepSession);
    SSL_set_app_data(ssl, &connection.sessions);
    if (session)
        SSL_set_session(ssl, session);
    connection.connected = server.shakeHands(ssl) && accepts(ssl);
    if (connection.connected)
        MemoryTlsServer::readTickets(ssl);
    SSL_CTX_sess_set_new_cb(SSL_get_SSL_CTX(ssl), nullptr);
    return connection;
}

} // namespace sotto::test
