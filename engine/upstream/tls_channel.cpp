// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/tls_channel.h"

#include "asio_endpoint.h"
#include "observe/clocks.h"
#include "upstream/certificate_facts.h"
#include "upstream/certificate_verdict.h"
#include "upstream/patience.h"
#include "upstream/socket_options.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace sotto::engine {

namespace {

constexpr std::size_t kReceiveOctets = std::size_t{64} << 10;
constexpr std::size_t kRecordOctets = 16384;             // a TLS record's content at the most
constexpr std::size_t kKeptRoom = std::size_t{64} << 10; // of buffers, while nothing is in them

MutableBytes receiveBuffer() {
    static thread_local std::vector<std::uint8_t> buffer(kReceiveOctets);
    return buffer;
}

std::uint32_t microsSince(std::int64_t begin) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(0, monotonicMicros() - begin));
}

AttemptOutcome outcomeOf(const asio::error_code& error) {
    if (error == asio::error::connection_refused)
        return AttemptOutcome::Refused;
    if (error == asio::error::timed_out)
        return AttemptOutcome::ConnectTimeout;
    if (error == asio::error::no_descriptors || error == asio::error::no_memory ||
        error == asio::error::no_buffer_space)
        return AttemptOutcome::SystemFailure;
    return AttemptOutcome::Unreachable;
}

} // namespace

TlsChannel::TlsChannel(asio::io_context& context, Events& events)
    : m_socket(context)
    , m_deadline(context)
    , m_events(&events) {}

TlsChannel::~TlsChannel() = default;

asio::error_code TlsChannel::prepareSocket() {
    asio::error_code error;
    const asio::ip::tcp::endpoint to = toAsio(m_endpoint);
    m_socket.open(to.protocol(), error);
    if (error)
        return error;
    m_socket.non_blocking(true, error);
    if (!error && m_options.source && m_options.source->isV6 == m_endpoint.address.isV6)
        m_socket.bind(toAsio(Endpoint{*m_options.source, 0}), error);
    m_sourceRefused = error && m_options.source;
    asio::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (m_options.fastOpen)
        enableFastOpen(m_socket.native_handle());
    return error;
}

void TlsChannel::startDeadline(std::chrono::milliseconds timeout) {
    m_stageBegan = monotonicMicros();
    m_deadline.expires_after(timeout);
    m_deadline.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (cancelled || self->m_open)
            return;
        if (self->m_connected)
            self->fail(AttemptOutcome::TlsTimeout, "the TLS handshake did not finish in time");
        else
            self->fail(AttemptOutcome::ConnectTimeout, "no answer on port " +
                                                           std::to_string(self->m_endpoint.port) +
                                                           " (blocked by the network, or down)");
    });
}

void TlsChannel::open(const Endpoint& endpoint, const UpstreamConfig& upstream,
                      std::shared_ptr<TlsContext> tls, Options options) {
    m_endpoint = endpoint;
    m_upstream = upstream;
    m_tls = std::move(tls);
    m_options = std::move(options);
    startDeadline(patience::kHandshake);
    if (const asio::error_code error = prepareSocket()) {
        asio::post(m_socket.get_executor(), [self = shared_from_this(), error] {
            if (self->m_events)
                self->failBy(error);
        });
        return;
    }
    m_socket.async_connect(
        toAsio(endpoint),
        [self = shared_from_this()](const asio::error_code& e) { self->connected(e); });
}

void TlsChannel::connected(const asio::error_code& error) {
    if (!m_events)
        return;
    if (error)
        return failBy(error);
    m_connected = true;
    m_facts.connectMicros = microsSince(m_stageBegan);
    startDeadline(patience::kHandshake);
    if (!m_options.fastOpen)
        m_heardSince = m_stageBegan;
    SslPointer<SSL> ssl = m_tls->connectionTo(m_upstream, m_endpoint.address);
    std::size_t earlyLimit = 0;
    const auto session = m_options.takeSession ? m_options.takeSession() : nullptr;
    m_options.takeSession = nullptr;
    const bool earlyData = m_options.mayUseEarlyData && m_options.mayUseEarlyData();
    m_options.mayUseEarlyData = nullptr;
    if (ssl && session && SSL_set_session(ssl.get(), session.get()) == 1 && earlyData)
        earlyLimit =
            std::min<std::size_t>(SSL_SESSION_get_max_early_data(session.get()), kRecordOctets);
    m_stream = std::make_unique<TlsStream>(std::move(ssl), [this](SSL_SESSION* fresh) {
        if (m_events)
            m_events->channelSession(fresh);
    });
    if (!m_stream->isUsable())
        return fail(AttemptOutcome::SystemFailure, "out of memory");
    if (earlyLimit > 0) {
        const Bytes early = m_events->channelEarlyData(earlyLimit);
        m_sentEarly = !early.empty() && m_stream->writeEarly(early) == early.size();
    }
    process();
    if (m_events)
        waitToRead();
}

void TlsChannel::waitToRead() {
    m_socket.async_wait(asio::socket_base::wait_read,
                        [self = shared_from_this()](const asio::error_code& failed) {
                            if (self->m_events && !failed)
                                self->receive();
                        });
}

void TlsChannel::receive() {
    const auto self = shared_from_this();
    const MutableBytes buffer = receiveBuffer();
    // Until the socket is empty: an end that came with the last octets is told only once.
    for (;;) {
        asio::error_code error;
        const std::size_t octets =
            m_socket.receive(asio::buffer(buffer.data(), buffer.size()), 0, error);
        if (error == asio::error::would_block || error == asio::error::try_again)
            return waitToRead();
        if (error && error != asio::error::eof)
            return failBy(error);
        if (m_heardSince == 0)
            m_heardSince = monotonicMicros();
        if (error || octets == 0)
            m_stream->setInputEnded();
        m_stream->setInput(Bytes(buffer).first(octets));
        process();
        if (!m_events)
            return;
    }
}

/// Takes the input through handshake and decryption, and sends what came of it in one go.
void TlsChannel::process() {
    const auto self = shared_from_this();
    m_corked = true;
    std::array<std::uint8_t, kRecordOctets> plain;
    bool more = m_open || shakeHands();
    while (more && m_events) {
        std::size_t octets = 0;
        switch (m_stream->read(plain, octets)) {
        case TlsStream::Step::Done:
            m_events->channelReceived(Bytes(plain).first(octets));
            break;
        case TlsStream::Step::NeedInput:
            more = false;
            break;
        case TlsStream::Step::Closed:
            return fail(AttemptOutcome::ConnectionLost, "the server closed the connection");
        case TlsStream::Step::Failed:
            return fail(AttemptOutcome::ConnectionLost, "TLS failed: " + lastTlsReason());
        }
    }
    m_corked = false;
    if (m_events)
        flush();
}

/// True once the handshake is done.
bool TlsChannel::shakeHands() {
    switch (m_stream->handshake()) {
    case TlsStream::Step::Done:
        return finishHandshake();
    case TlsStream::Step::NeedInput:
        return false;
    case TlsStream::Step::Closed:
        fail(AttemptOutcome::TlsFailed, "the server ended the connection during the TLS handshake");
        return false;
    case TlsStream::Step::Failed:
        break;
    }
    if (SSL_get_verify_result(ssl()) != X509_V_OK) {
        const CertificateVerdict verdict =
            verdictOnFailure(ssl(), m_upstream, m_endpoint.address, unixMicros() / 1'000'000);
        fail(verdict.outcome, verdict.reason);
    } else {
        fail(AttemptOutcome::TlsFailed, "the TLS handshake failed: " + lastTlsReason());
    }
    return false;
}

bool TlsChannel::finishHandshake() {
    // SSL_VERIFY_PEER has ended the handshake already where this does not hold; no query leaves
    // on the strength of a single check.
    const X509* certificate = SSL_get0_peer_certificate(ssl());
    if (SSL_get_verify_result(ssl()) != X509_V_OK || !certificate) {
        const CertificateVerdict verdict =
            verdictOnFailure(ssl(), m_upstream, m_endpoint.address, unixMicros() / 1'000'000);
        fail(verdict.outcome, verdict.reason);
        return false;
    }
    m_facts.resumed = SSL_session_reused(ssl()) == 1;
    if (const auto verdict = verdictOnPins(ssl(), m_upstream.pins)) {
        fail(verdict->outcome, verdict->reason);
        return false;
    }
    m_deadline.cancel();
    m_open = true;
    m_facts.tlsMicros = microsSince(m_stageBegan);
    m_facts.earlyDataAccepted =
        m_sentEarly && SSL_get_early_data_status(ssl()) == SSL_EARLY_DATA_ACCEPTED;
    m_facts.earlyDataRejected = m_sentEarly && !m_facts.earlyDataAccepted;
    m_facts.fastOpenRejected = m_options.fastOpen && wasFastOpenRejected(m_socket.native_handle());
    m_facts.tlsVersion = SSL_get_version(ssl());
    m_facts.cipher = SSL_get_cipher_name(ssl());
    m_facts.certificateFromUnix = validFromUnix(certificate);
    m_facts.certificateExpiresUnix = validUntilUnix(certificate);
    m_events->channelOpened(m_facts.earlyDataAccepted);
    return m_events != nullptr;
}

void TlsChannel::write(Bytes bytes) {
    if (!m_stream->write(bytes))
        return fail(AttemptOutcome::ConnectionLost, "the connection was lost");
    if (!m_corked)
        flush();
}

void TlsChannel::flush() {
    if (m_waitingToWrite)
        return;
    std::vector<std::uint8_t>& output = m_stream->output();
    std::size_t sent = 0;
    while (sent < output.size()) {
        asio::error_code error;
        sent += m_socket.send(asio::buffer(&output[sent], output.size() - sent), 0, error);
        if (!error)
            continue;
        if (error != asio::error::would_block && error != asio::error::try_again &&
            error != asio::error::in_progress)
            return failBy(error);
        m_waitingToWrite = true;
        m_socket.async_wait(asio::socket_base::wait_write,
                            [self = shared_from_this()](const asio::error_code& failed) {
                                self->m_waitingToWrite = false;
                                if (self->m_events && !failed)
                                    self->flush();
                            });
        break;
    }
    output.erase(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(sent));
    if (output.empty() && output.capacity() > kKeptRoom)
        std::vector<std::uint8_t>().swap(output);
}

void TlsChannel::failBy(const asio::error_code& error) {
    if (m_open)
        return fail(AttemptOutcome::ConnectionLost, "the connection was lost");
    if (m_sourceRefused)
        return fail(AttemptOutcome::Unreachable, "cannot come from the source address " +
                                                     m_options.source->toString() + ": " +
                                                     error.message());
    const AttemptOutcome outcome = outcomeOf(error);
    if (m_connected && outcome == AttemptOutcome::Unreachable)
        return fail(AttemptOutcome::TlsFailed,
                    "the server ended the connection during the TLS handshake");
    fail(outcome, "cannot connect: " + error.message());
}

void TlsChannel::fail(AttemptOutcome outcome, const std::string& reason) {
    Events* events = m_events;
    if (!events)
        return;
    const auto self = shared_from_this();
    if (!m_open && outcome == AttemptOutcome::TlsFailed)
        m_facts.earlyDataRejected = m_sentEarly;
    close();
    events->channelClosed(outcome, reason);
}

void TlsChannel::close() {
    if (!m_events)
        return;
    m_events = nullptr;
    m_deadline.cancel();
    asio::error_code ignored;
    if (m_open && !m_waitingToWrite) {
        m_stream->shutDown(); // the answer is not waited for
        const std::vector<std::uint8_t>& output = m_stream->output();
        m_socket.send(asio::buffer(output.data(), output.size()), 0, ignored);
    }
    m_socket.close(ignored);
}

} // namespace sotto::engine
