// SPDX-License-Identifier: GPL-3.0-or-later
#include "tls_probe.h"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::test {
namespace {

constexpr timeval kPatience{5, 0};

} // namespace

TlsProbe::TlsProbe(std::uint16_t port)
    : m_context(SSL_CTX_new(TLS_client_method()))
    , m_ssl(nullptr)
    , m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    SSL_CTX_set_session_cache_mode(m_context.get(),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(m_context.get(), keepSession);
    m_ssl.reset(SSL_new(m_context.get()));
    SSL_set_app_data(m_ssl.get(), this);
    static constexpr unsigned char kDot[] = {3, 'd', 'o', 't'};
    SSL_set_alpn_protos(m_ssl.get(), kDot, sizeof kDot);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    if (::connect(m_socket, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0)
        SSL_set_fd(m_ssl.get(), m_socket);
}

TlsProbe::~TlsProbe() {
    SSL_shutdown(m_ssl.get());
    ::close(m_socket);
}

int TlsProbe::keepSession(SSL* ssl, SSL_SESSION* session) {
    static_cast<TlsProbe*>(SSL_get_app_data(ssl))->m_session =
        Session(session, TlsProbe::FreeSession());
    return 1;
}

void TlsProbe::setIdentity(const Identity& identity) {
    const auto use = [](const std::string& pem, auto read, auto what) {
        BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
        what(read(bio, nullptr, nullptr, nullptr));
        BIO_free(bio);
    };
    use(identity.chainPem, PEM_read_bio_X509, [this](X509* certificate) {
        SSL_use_certificate(m_ssl.get(), certificate);
        X509_free(certificate);
    });
    use(identity.keyPem, PEM_read_bio_PrivateKey, [this](EVP_PKEY* key) {
        SSL_use_PrivateKey(m_ssl.get(), key);
        EVP_PKEY_free(key);
    });
}

void TlsProbe::setSession(const Session& session) {
    const Session copy(SSL_SESSION_dup(session.get()), FreeSession()); // one use spoils it
    SSL_set_session(m_ssl.get(), copy.get());
}

void TlsProbe::setNewest12() {
    SSL_set_max_proto_version(m_ssl.get(), TLS1_2_VERSION);
}

bool TlsProbe::connectEarly(const Message& first) {
    const Bytes frame = framed(first.toWire());
    std::size_t written = 0;
    return SSL_write_early_data(m_ssl.get(), frame.data(), frame.size(), &written) == 1 &&
           connect();
}

bool TlsProbe::connect() {
    return SSL_connect(m_ssl.get()) == 1;
}

bool TlsProbe::wasResumed() const {
    return SSL_session_reused(m_ssl.get()) == 1;
}

bool TlsProbe::earlyWasAccepted() const {
    return SSL_get_early_data_status(m_ssl.get()) == SSL_EARLY_DATA_ACCEPTED;
}

bool TlsProbe::send(const Message& query) {
    const Bytes frame = framed(query.toWire());
    return SSL_write(m_ssl.get(), frame.data(), static_cast<int>(frame.size())) > 0;
}

std::optional<Message> TlsProbe::receive() {
    Bytes buffer(65537);
    std::size_t size = 0;
    while (size < 2 || size - 2 < (std::size_t{buffer[0]} << 8 | buffer[1])) {
        const int got =
            SSL_read(m_ssl.get(), buffer.data() + size, static_cast<int>(buffer.size() - size));
        if (got <= 0)
            return std::nullopt;
        size += static_cast<std::size_t>(got);
    }
    return Message::parse(std::span(buffer).subspan(2, size - 2));
}

TlsProbe::Session TlsProbe::session() const {
    return m_session;
}

} // namespace sotto::test
