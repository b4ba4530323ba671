// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/tls_channel.h"

#include "asio_endpoint.h"
#include "observe/clocks.h"
#include "upstream/certificate_verdict.h"
#include "upstream/socket_bio.h"

#include <openssl/err.h>

#include <array>

namespace sotto::engine {

TlsChannel::TlsChannel(asio::io_context& context, Events& events)
    : m_socket(context)
    , m_deadline(context)
    , m_events(&events) {}

TlsChannel::~TlsChannel() = default;

void TlsChannel::open(const UpstreamConfig& upstream, std::shared_ptr<TlsContext> tls) {
    m_upstream = upstream;
    m_tls = std::move(tls);
    m_deadline.expires_after(kOpenTimeout);
    m_deadline.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (!cancelled)
            self->fail(self->m_connected
                           ? "the TLS handshake did not finish in time"
                           : "no answer on port " + std::to_string(self->m_upstream.port) +
                                 " (blocked by the network, or down)");
    });
    m_socket.async_connect(
        toAsio(Endpoint{upstream.addresses.front(), upstream.port}),
        [self = shared_from_this()](const asio::error_code& error) { self->connected(error); });
}

void TlsChannel::connected(const asio::error_code& error) {
    if (!m_events)
        return;
    if (error)
        return fail("cannot connect: " + error.message());
    m_connected = true;
    asio::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    m_socket.native_non_blocking(true, ignored);
    m_ssl = m_tls->connectionTo(m_upstream);
    BIO* bio = m_ssl ? makeSocketBio(m_socket.native_handle()) : nullptr;
    if (!bio)
        return fail("out of memory");
    SSL_set_bio(m_ssl.get(), bio, bio);
    handshake();
}

void TlsChannel::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(m_ssl.get());
    if (result == 1)
        return finishHandshake();
    const int error = SSL_get_error(m_ssl.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        const auto direction = error == SSL_ERROR_WANT_READ ? asio::socket_base::wait_read
                                                            : asio::socket_base::wait_write;
        m_socket.async_wait(direction, [self = shared_from_this()](const asio::error_code& failed) {
            if (self->m_events && !failed)
                self->handshake();
        });
        return;
    }
    if (SSL_get_verify_result(m_ssl.get()) != X509_V_OK)
        return fail(verdictOnFailure(m_ssl.get(), m_upstream, m_upstream.addresses.front(),
                                     unixMicros() / 1'000'000)
                        .reason);
    if (error == SSL_ERROR_SSL)
        return fail("the TLS handshake failed: " + lastTlsReason());
    fail("the server ended the connection during the TLS handshake");
}

void TlsChannel::finishHandshake() {
    // SSL_VERIFY_PEER has ended the handshake already where this does not hold; no query leaves
    // on the strength of a single check.
    if (SSL_get_verify_result(m_ssl.get()) != X509_V_OK || !SSL_get0_peer_certificate(m_ssl.get()))
        return fail(verdictOnFailure(m_ssl.get(), m_upstream, m_upstream.addresses.front(),
                                     unixMicros() / 1'000'000)
                        .reason);
    if (const auto verdict = verdictOnPins(m_ssl.get(), m_upstream.pins))
        return fail(verdict->reason);
    m_deadline.cancel();
    m_events->channelOpened();
    if (m_events)
        readAll();
}

void TlsChannel::waitToRead() {
    m_socket.async_wait(asio::socket_base::wait_read,
                        [self = shared_from_this()](const asio::error_code& failed) {
                            if (self->m_events && !failed)
                                self->readAll();
                        });
}

void TlsChannel::readAll() {
    std::array<std::uint8_t, 16384> buffer; // a TLS record's content at the most
    const auto self = shared_from_this();
    while (m_events) {
        ERR_clear_error();
        const int octets = SSL_read(m_ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (octets > 0) {
            m_events->channelReceived(Bytes(buffer).first(static_cast<std::size_t>(octets)));
            continue;
        }
        switch (SSL_get_error(m_ssl.get(), octets)) {
        case SSL_ERROR_WANT_READ:
            return waitToRead();
        case SSL_ERROR_ZERO_RETURN:
            return fail("the server closed the connection");
        case SSL_ERROR_SSL:
            return fail("TLS failed: " + lastTlsReason());
        default:
            return fail("the connection was lost");
        }
    }
}

void TlsChannel::write(Bytes bytes) {
    m_unsent.insert(m_unsent.end(), bytes.begin(), bytes.end());
    if (!m_waitingToWrite)
        flush();
}

void TlsChannel::flush() {
    std::size_t sent = 0;
    while (sent < m_unsent.size()) {
        ERR_clear_error();
        const int octets =
            SSL_write(m_ssl.get(), &m_unsent[sent], static_cast<int>(m_unsent.size() - sent));
        if (octets > 0) {
            sent += static_cast<std::size_t>(octets);
            continue;
        }
        const int error = SSL_get_error(m_ssl.get(), octets);
        if (error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ)
            return fail("the connection was lost");
        m_waitingToWrite = true;
        m_socket.async_wait(asio::socket_base::wait_write,
                            [self = shared_from_this()](const asio::error_code& failed) {
                                self->m_waitingToWrite = false;
                                if (self->m_events && !failed)
                                    self->flush();
                            });
        break;
    }
    m_unsent.erase(m_unsent.begin(), m_unsent.begin() + static_cast<std::ptrdiff_t>(sent));
}

void TlsChannel::fail(const std::string& reason) {
    Events* events = m_events;
    if (!events)
        return;
    const auto self = shared_from_this();
    close();
    events->channelClosed(reason);
}

void TlsChannel::close() {
    if (!m_events)
        return;
    m_events = nullptr;
    m_deadline.cancel();
    asio::error_code ignored;
    if (m_ssl && SSL_is_init_finished(m_ssl.get())) {
        ERR_clear_error();
        SSL_shutdown(m_ssl.get()); // says goodbye; the answer is not waited for
    }
    m_socket.close(ignored);
}

std::string TlsChannel::tlsVersion() const {
    return m_ssl ? SSL_get_version(m_ssl.get()) : "";
}

std::string TlsChannel::cipher() const {
    return m_ssl ? SSL_get_cipher_name(m_ssl.get()) : "";
}

} // namespace sotto::engine
