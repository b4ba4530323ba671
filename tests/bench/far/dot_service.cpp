// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/dot_service.h"

#include "far/service_connection.h"

#include <array>
#include <cstring>
#include <list>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

constexpr std::uint32_t kMaxEarlyData = 16384;
constexpr std::size_t kReadBuffer = 65536; // several records with one system call
constexpr int kGlanceMillis = 2;           // for what is due, and what it was told

int chooseProtocol(SSL*, const unsigned char** chosen, unsigned char* length,
                   const unsigned char* offered, unsigned offeredLength, void*) {
    static constexpr unsigned char kDot[] = {3, 'd', 'o', 't'};
    return SSL_select_next_proto(const_cast<unsigned char**>(chosen), length, kDot, sizeof kDot,
                                 offered, offeredLength) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

int listenAt(const char* where, std::uint16_t port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    constexpr int kOn = 1;
    constexpr int kFastOpenQueue = 256;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
    ::setsockopt(listener, IPPROTO_TCP, TCP_FASTOPEN, &kFastOpenQueue, sizeof kFastOpenQueue);
    ::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn); // inherited
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, where, &address.sin_addr);
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::listen(listener, 1024) == 0)
        return listener;
    ::close(listener);
    return -1;
}

class Service {
public:
    Service(int listener, SSL_CTX* tls, ProviderControl& control)
        : m_listener(listener)
        , m_events(::epoll_create1(EPOLL_CLOEXEC))
        , m_tls(tls)
        , m_control(control)
        , m_closings(control.closings) {
        watch(m_listener, nullptr);
    }

    void run() {
        std::array<epoll_event, 64> events{};
        for (;;) {
            const int ready = ::epoll_wait(m_events, events.data(), static_cast<int>(events.size()),
                                           kGlanceMillis);
            for (int i = 0; i < ready; ++i) {
                void* const what = events[static_cast<std::size_t>(i)].data.ptr;
                if (what)
                    static_cast<ServiceConnection*>(what)->advance();
                else
                    accept();
            }
            lookAfterAll();
        }
    }

private:
    void watch(int descriptor, ServiceConnection* connection) {
        epoll_event event{};
        event.events = EPOLLIN;
        if (connection)
            event.events |= EPOLLOUT | EPOLLET;
        event.data.ptr = connection;
        ::epoll_ctl(m_events, EPOLL_CTL_ADD, descriptor, &event);
    }

    void accept() {
        int descriptor = -1;
        while ((descriptor =
                    ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
            m_connections.emplace_back(descriptor, m_tls, m_control);
            watch(descriptor, &m_connections.back());
        }
    }

    /// Closes those that have ended or are to end, and lets out late answers.
    void lookAfterAll() {
        const unsigned closings = m_control.closings;
        const bool closeAll = closings != m_closings;
        m_closings = closings;
        const std::chrono::milliseconds idle(m_control.idleCloseMillis);
        const auto now = std::chrono::steady_clock::now();
        m_connections.remove_if([&](ServiceConnection& connection) {
            connection.sendLate(now);
            if (!connection.ended() && !closeAll &&
                (idle.count() == 0 || now - connection.lastHeard() < idle))
                return false;
            connection.close();
            return true;
        });
    }

    int m_listener;
    int m_events;
    SSL_CTX* m_tls;
    ProviderControl& m_control;
    unsigned m_closings;
    std::list<ServiceConnection> m_connections; // epoll has their addresses
};

} // namespace

SSL_CTX* makeServiceTls(const test::Identity& identity) {
    SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
    BIO* const chain = BIO_new_mem_buf(identity.chainPem.data(), -1);
    BIO* const key = BIO_new_mem_buf(identity.keyPem.data(), -1);
    X509* const certificate = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
    EVP_PKEY* const privateKey = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, privateKey);
    X509_free(certificate);
    EVP_PKEY_free(privateKey);
    BIO_free(chain);
    BIO_free(key);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_alpn_select_cb(context, chooseProtocol, nullptr);
    static constexpr unsigned char kSessions[] = "sotto-bench";
    SSL_CTX_set_session_id_context(context, kSessions, sizeof kSessions - 1);
    // Against replay OpenSSL would keep a list of its own, which would go with the process.
    SSL_CTX_set_options(context, SSL_OP_NO_ANTI_REPLAY | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_early_data(context, kMaxEarlyData);
    SSL_CTX_set_recv_max_early_data(context, kMaxEarlyData);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, kReadBuffer);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

void serveDot(const char* address, std::uint16_t port, SSL_CTX* tls, ProviderControl& control) {
    const int listener = listenAt(address, port);
    if (listener >= 0)
        Service(listener, tls, control).run();
}

} // namespace sotto::bench
