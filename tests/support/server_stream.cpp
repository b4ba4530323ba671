// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_stream.h"

#include <asio/buffer.hpp>
#include <asio/write.hpp>

#include <utility>

namespace sotto::test {
namespace {

constexpr std::chrono::milliseconds kCloseWait{50};
constexpr std::size_t kReadSize = 65536;
constexpr std::size_t kLargestRecord = 16384;

} // namespace

ServerStream::ServerStream(asio::ip::tcp::socket socket, ServerTls tls,
                           std::chrono::milliseconds delay, std::chrono::milliseconds gap)
    : m_socket(std::move(socket))
    , m_tls(std::move(tls))
    , m_delay(delay)
    , m_gap(gap)
    , m_timer(m_socket.get_executor())
    , m_buffer(kReadSize)
    , m_record(kLargestRecord) {
    asio::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void ServerStream::start(Events events) {
    const auto held = m_events = std::make_shared<const Events>(std::move(events));
    if (isPlain()) {
        m_handshakeDone = true;
        held->handshakeEnded({});
        return read();
    }
    m_mayBeEarly = SSL_get_max_early_data(m_tls.ssl.get()) > 0;
    if (m_delay.count() == 0)
        return read();
    m_timer.expires_after(m_delay);
    m_timer.async_wait([self = shared_from_this()](asio::error_code error) {
        if (!error)
            self->read();
    });
}

void ServerStream::startDiscarding(std::function<void()> closed) {
    m_socket.async_read_some(asio::buffer(m_buffer),
                             [self = shared_from_this(), closed = std::move(closed)](
                                 asio::error_code error, std::size_t) mutable {
                                 if (error)
                                     closed();
                                 else
                                     self->startDiscarding(std::move(closed));
                             });
}

void ServerStream::setReading(bool reading) {
    m_wantsReading = reading;
    if (reading)
        read();
}

void ServerStream::read() {
    if (m_isReading || m_isClosed || m_peerIsGone || !m_wantsReading)
        return;
    m_isReading = true;
    m_socket.async_read_some(asio::buffer(m_buffer), [self = shared_from_this()](
                                                         asio::error_code error, std::size_t size) {
        self->m_isReading = false;
        if (self->m_isClosed || error == asio::error::operation_aborted)
            return;
        if (error)
            return self->lostPeer(error != asio::error::eof ? PeerEnd::Reset
                                  : self->isPlain()         ? PeerEnd::Notify
                                                            : PeerEnd::Fin);
        self->took(size);
        self->read();
    });
}

void ServerStream::took(std::size_t size) {
    ++m_socketReads;
    if (!isPlain()) {
        BIO_write(SSL_get_rbio(m_tls.ssl.get()), m_buffer.data(), static_cast<int>(size));
        return drive();
    }
    give(std::span(m_buffer.data(), size), false);
}

void ServerStream::give(std::span<const std::uint8_t> octets, bool early) {
    const auto events = m_events;
    if (events && !m_isClosing)
        events->received(octets, early);
}

void ServerStream::lostPeer(PeerEnd how) {
    if (std::exchange(m_peerIsGone, true))
        return;
    const auto events = m_events;
    if (events && m_handshakeDone)
        events->peerEnded(how);
    else if (events)
        events->handshakeEnded("the peer went away");
}

void ServerStream::drive() {
    if (!m_handshakeDone && !shakeHands())
        return;
    readRecords();
}

/// Goes on with the handshake; true once it is done.
bool ServerStream::shakeHands() {
    if (m_mayBeEarly && !readEarly())
        return false;
    const int result = SSL_do_handshake(m_tls.ssl.get());
    if (result == 1) {
        m_handshakeDone = true;
        flush();
        if (const auto events = m_events)
            events->handshakeEnded({});
        return !m_isClosed;
    }
    if (SSL_get_error(m_tls.ssl.get(), result) == SSL_ERROR_WANT_READ)
        flush();
    else
        failHandshake();
    return false;
}

/// Reads early data (RFC 8446 §2.3), which comes ahead of the handshake's end; true when there is
/// no more of it.
bool ServerStream::readEarly() {
    while (true) {
        std::size_t size = 0;
        const int result =
            SSL_read_early_data(m_tls.ssl.get(), m_record.data(), m_record.size(), &size);
        if (result == SSL_READ_EARLY_DATA_ERROR) {
            if (SSL_get_error(m_tls.ssl.get(), 0) == SSL_ERROR_WANT_READ)
                flush();
            else
                failHandshake();
            return false;
        }
        if (result == SSL_READ_EARLY_DATA_FINISH) {
            m_mayBeEarly = false;
            return true;
        }
        flush(); // the handshake's own octets go ahead
        if (size > 0)
            give(std::span(m_record.data(), size), true);
        if (m_isClosed)
            return false;
    }
}

void ServerStream::readRecords() {
    while (!m_isClosed) {
        const int size =
            SSL_read(m_tls.ssl.get(), m_record.data(), static_cast<int>(kLargestRecord));
        if (size > 0) {
            give(std::span(m_record.data(), static_cast<std::size_t>(size)), false);
            continue;
        }
        const int error = SSL_get_error(m_tls.ssl.get(), size);
        flush();
        if (error == SSL_ERROR_ZERO_RETURN)
            return lostPeer(PeerEnd::Notify);
        if (error != SSL_ERROR_WANT_READ) {
            takeTlsError();
            return lostPeer(PeerEnd::Reset);
        }
        return;
    }
}

void ServerStream::failHandshake() {
    const std::string failure = takeTlsError();
    flush();
    m_peerIsGone = true;
    if (const auto events = m_events)
        events->handshakeEnded(failure);
}

void ServerStream::write(std::span<const std::uint8_t> octets, std::function<void()> sent) {
    if (isPlain()) {
        m_outgoing.push_back({Bytes(octets.begin(), octets.end()), std::move(sent)});
        return writeNext();
    }
    std::size_t written = 0;
    if (m_handshakeDone)
        SSL_write_ex(m_tls.ssl.get(), octets.data(), octets.size(), &written);
    else
        SSL_write_early_data(m_tls.ssl.get(), octets.data(), octets.size(), &written);
    flush(std::move(sent));
}

/// Hands on what TLS wants sent.
void ServerStream::flush(std::function<void()> sent) {
    BIO* out = SSL_get_wbio(m_tls.ssl.get());
    Bytes octets(BIO_ctrl_pending(out));
    if (!octets.empty())
        BIO_read(out, octets.data(), static_cast<int>(octets.size()));
    else if (!sent)
        return;
    m_outgoing.push_back({std::move(octets), std::move(sent)});
    writeNext();
}

void ServerStream::writeNext() {
    if (m_isWriting || m_outgoing.empty() || m_isClosed)
        return;
    m_isWriting = true;
    std::size_t size = m_outgoing.front().octets.size();
    if (m_gap.count() > 0 && !m_gapIsOver)
        size /= 2;
    asio::async_write(
        m_socket, asio::buffer(m_outgoing.front().octets, size),
        [self = shared_from_this(), size](asio::error_code error, std::size_t) {
            if (error || self->m_isClosed)
                return; // reading tells of it
            Bytes& octets = self->m_outgoing.front().octets;
            octets.erase(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
            if (self->m_gap.count() > 0 && !std::exchange(self->m_gapIsOver, true)) {
                self->m_timer.expires_after(self->m_gap);
                self->m_timer.async_wait([self](asio::error_code cancelled) {
                    self->m_isWriting = false;
                    if (!cancelled)
                        self->writeNext();
                });
                return;
            }
            const std::function<void()> sent = std::move(self->m_outgoing.front().sent);
            self->m_outgoing.pop_front();
            self->m_isWriting = false;
            if (sent)
                sent();
            self->writeNext();
        });
}

void ServerStream::notifyClose(std::function<void()> closed) {
    if (m_isClosed || isPlain() || !m_handshakeDone)
        return closed();
    m_isClosing = true;
    SSL_shutdown(m_tls.ssl.get());
    m_timer.expires_after(kCloseWait);
    m_timer.async_wait([closed](asio::error_code error) {
        if (!error)
            closed();
    });
    if (m_peerIsGone)
        return flush(std::move(closed));
    m_events = std::make_shared<const Events>(
        Events{{}, m_events->received, [closed](PeerEnd) { closed(); }});
    flush();
    setReading(true);
}

void ServerStream::halfClose() {
    m_isClosing = true;
    asio::error_code ignored;
    m_socket.shutdown(asio::socket_base::shutdown_send, ignored);
    setReading(true);
}

void ServerStream::close() {
    if (std::exchange(m_isClosed, true))
        return;
    m_timer.cancel();
    asio::error_code ignored;
    m_socket.close(ignored);
    m_events.reset();
    m_outgoing.clear();
}

} // namespace sotto::test
