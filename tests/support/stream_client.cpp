// SPDX-License-Identifier: GPL-3.0-or-later
#include "dns_client.h"

#include <openssl/ssl.h>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace sotto::test {

using State = StreamClient::State;

/// The socket, plain or under TLS, and what was read ahead.
class StreamClient::Connection {
public:
    Connection(std::uint16_t port, const std::string& address, const Tls* tls,
               std::chrono::milliseconds timeout)
        : m_tls(asio::ssl::context::tls_client) {
        connect(port, address, timeout);
        if (tls && m_state == State::Open)
            startTls(*tls, timeout);
    }

    State state() const { return m_state; }
    std::string errorText() const { return m_error.message(); }

    bool write(std::span<const std::uint8_t> octets) {
        if (m_state != State::Open && m_state != State::TimedOut)
            return false;
        const auto buffer = asio::buffer(octets.data(), octets.size());
        const auto error = run(kReplyTimeout, [&](auto done) {
            const auto ignoreSize = [done](asio::error_code result, std::size_t) { done(result); };
            if (m_isTls)
                asio::async_write(m_stream, buffer, ignoreSize);
            else
                asio::async_write(m_stream.next_layer(), buffer, ignoreSize);
        });
        if (error)
            fail(error);
        return !error;
    }

    void wait(std::chrono::milliseconds time) {
        asio::steady_timer timer(m_io, time);
        run(time * 2, [&](auto done) { timer.async_wait(std::move(done)); });
    }

    void halfClose() {
        asio::error_code ignored;
        m_stream.next_layer().shutdown(asio::socket_base::shutdown_send, ignored);
    }

    std::optional<Bytes> readMessage(std::chrono::milliseconds timeout) {
        const auto until = std::chrono::steady_clock::now() + timeout;
        while (true) {
            const std::size_t length =
                m_ahead.size() < 2 ? 0 : std::size_t{m_ahead[0]} << 8 | m_ahead[1];
            if (m_ahead.size() >= 2 && m_ahead.size() >= length + 2) {
                const auto end = m_ahead.begin() + static_cast<std::ptrdiff_t>(length + 2);
                Bytes message(m_ahead.begin() + 2, end);
                m_ahead.erase(m_ahead.begin(), end);
                return message;
            }
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                until - std::chrono::steady_clock::now());
            if (!readSome(std::max(left, std::chrono::milliseconds(0))))
                return std::nullopt;
        }
    }

    bool waitForEnd(std::chrono::milliseconds timeout) {
        if (m_state == State::Open || m_state == State::TimedOut)
            if (readSome(timeout))
                return false;
        return m_state != State::TimedOut;
    }

private:
    void connect(std::uint16_t port, const std::string& address,
                 std::chrono::milliseconds timeout) {
        asio::error_code error;
        const asio::ip::tcp::endpoint server(asio::ip::make_address(address, error), port);
        if (error)
            return fail(error);
        const auto connected = run(timeout, [&](auto done) {
            m_stream.next_layer().async_connect(server, std::move(done));
        });
        if (connected)
            return fail(connected);
        m_stream.next_layer().set_option(asio::ip::tcp::no_delay(true), error);
    }

    void startTls(const Tls& tls, std::chrono::milliseconds timeout) {
        SSL* ssl = m_stream.native_handle();
        asio::error_code error;
        m_tls.add_certificate_authority(asio::buffer(tls.caPem), error);
        if (error)
            return fail(error);
        // The stream was made from the context before: what it has to know is set on it.
        SSL_set1_verify_cert_store(ssl, SSL_CTX_get_cert_store(m_tls.native_handle()));
        SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
        SSL_set1_host(ssl, tls.serverName.c_str());
        SSL_set_tlsext_host_name(ssl, tls.serverName.c_str());
        if (!tls.oldest12)
            SSL_set_cipher_list(ssl, "DEFAULT:@SECLEVEL=0");
        SSL_set_min_proto_version(ssl, tls.oldest12 ? TLS1_2_VERSION : TLS1_1_VERSION);
        static constexpr unsigned char kDot[] = {3, 'd', 'o', 't'};
        if (tls.offersDot)
            SSL_set_alpn_protos(ssl, kDot, sizeof kDot);
        m_isTls = true;
        const auto result = run(timeout, [&](auto done) {
            m_stream.async_handshake(asio::ssl::stream_base::client, std::move(done));
        });
        if (result)
            fail(result);
    }

    /// Runs one asynchronous operation to its end or the time-out's, and gives its result.
    template <class Start>
    asio::error_code run(std::chrono::milliseconds timeout, Start start) {
        asio::error_code result;
        bool finished = false;
        start([&](asio::error_code error) {
            result = error;
            finished = true;
        });
        m_io.restart();
        const auto until = std::chrono::steady_clock::now() + timeout;
        while (!finished && m_io.run_one_until(until) > 0) {
        }
        if (finished)
            return result;
        asio::error_code ignored;
        m_stream.next_layer().cancel(ignored);
        m_io.restart();
        while (!finished && m_io.run_one() > 0) {
        }
        return asio::error::timed_out;
    }

    bool readSome(std::chrono::milliseconds timeout) {
        if (m_state != State::Open && m_state != State::TimedOut)
            return false;
        Bytes buffer(65536 + 2);
        std::size_t got = 0;
        const auto error = run(timeout, [&](auto done) {
            const auto keepSize = [&got, done](asio::error_code result, std::size_t size) {
                got = size;
                done(result);
            };
            if (m_isTls)
                m_stream.async_read_some(asio::buffer(buffer), keepSize);
            else
                m_stream.next_layer().async_read_some(asio::buffer(buffer), keepSize);
        });
        m_ahead.insert(m_ahead.end(), buffer.begin(),
                       buffer.begin() + static_cast<std::ptrdiff_t>(got));
        m_state = State::Open;
        if (error)
            fail(error);
        return !error;
    }

    void fail(const asio::error_code& error) {
        m_error = error;
        if (error == asio::error::timed_out)
            m_state = State::TimedOut;
        else if (error == asio::error::eof)
            m_state = State::Closed;
        else if (error == asio::ssl::error::stream_truncated)
            m_state = State::ClosedWithoutNotify;
        else if (error == asio::error::connection_reset || error == asio::error::broken_pipe)
            m_state = State::Reset;
        else
            m_state = State::Failed;
    }

    asio::io_context m_io{1};
    asio::ssl::context m_tls;
    asio::ssl::stream<asio::ip::tcp::socket> m_stream{m_io, m_tls};
    bool m_isTls = false;
    Bytes m_ahead;
    State m_state = State::Open;
    asio::error_code m_error;
};

StreamClient::StreamClient(std::uint16_t serverPort, const std::string& address,
                           std::chrono::milliseconds timeout)
    : m_connection(std::make_unique<Connection>(serverPort, address, nullptr, timeout)) {}

StreamClient::StreamClient(std::uint16_t serverPort, const Tls& tls, const std::string& address,
                           std::chrono::milliseconds timeout)
    : m_connection(std::make_unique<Connection>(serverPort, address, &tls, timeout)) {}

StreamClient::~StreamClient() = default;

StreamClient::State StreamClient::state() const {
    return m_connection->state();
}

std::string StreamClient::errorText() const {
    return m_connection->errorText();
}

bool StreamClient::send(std::span<const std::uint8_t> message) {
    return m_connection->write(framed(message));
}

bool StreamClient::sendRaw(std::span<const std::uint8_t> octets) {
    return m_connection->write(octets);
}

bool StreamClient::sendBytewise(std::span<const std::uint8_t> message,
                                std::chrono::milliseconds gap) {
    const Bytes frame = framed(message);
    for (const std::uint8_t& octet : frame) {
        if (!m_connection->write(std::span(&octet, 1)))
            return false;
        if (gap.count() > 0)
            m_connection->wait(gap);
    }
    return true;
}

void StreamClient::halfClose() {
    m_connection->halfClose();
}

std::optional<Reply> StreamClient::receive(std::chrono::milliseconds timeout) {
    auto raw = m_connection->readMessage(timeout);
    if (!raw)
        return std::nullopt;
    Reply reply;
    reply.message = Message::parse(*raw, &reply.parseError);
    reply.raw = std::move(*raw);
    return reply;
}

std::optional<Reply> StreamClient::ask(const Message& query, std::chrono::milliseconds timeout) {
    return send(query) ? receive(timeout) : std::nullopt;
}

bool StreamClient::waitForEnd(std::chrono::milliseconds timeout) {
    return m_connection->waitForEnd(timeout);
}

} // namespace sotto::test
