// SPDX-License-Identifier: GPL-3.0-or-later
#include "dns_client.h"

#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>

#include <random>
#include <utility>

namespace sotto::test {

Message makeQuery(std::string_view name, std::uint16_t type, QueryOptions options) {
    static thread_local std::mt19937 random{std::random_device{}()};
    Message query;
    query.id = options.id ? *options.id : static_cast<std::uint16_t>(random() & 0xffff);
    query.opcode = options.opcode;
    query.recursionDesired = options.recursionDesired;
    query.authenticData = options.authenticData;
    query.checkingDisabled = options.checkingDisabled;
    query.edns = std::move(options.edns);
    query.questions.push_back({Name::fromText(name).value_or(Name{}), type, options.klass});
    return query;
}

class UdpClient::Socket {
public:
    Socket(std::uint16_t port, const std::string& address)
        : m_server(asio::ip::make_address(address, m_error), port) {
        if (!m_error)
            m_socket.open(m_server.protocol(), m_error);
        if (!m_error)
            m_socket.connect(m_server, m_error); // others' datagrams stay out
    }

    bool send(std::span<const std::uint8_t> octets) {
        if (!m_socket.is_open())
            return false;
        asio::error_code error;
        m_socket.send(asio::buffer(octets.data(), octets.size()), 0, error);
        return !error;
    }

    std::optional<Reply> receive(std::chrono::milliseconds timeout) {
        Bytes buffer(65536);
        asio::error_code result = asio::error::would_block;
        std::size_t size = 0;
        m_socket.async_receive(asio::buffer(buffer), [&](asio::error_code error, std::size_t got) {
            result = error;
            size = got;
        });
        m_io.restart();
        if (m_io.run_for(timeout) == 0) {
            asio::error_code ignored;
            m_socket.cancel(ignored);
            m_io.restart();
            m_io.run();
        }
        if (result)
            return std::nullopt;
        buffer.resize(size);
        Reply reply;
        reply.message = Message::parse(buffer, &reply.parseError);
        reply.raw = std::move(buffer);
        return reply;
    }

private:
    asio::error_code m_error;
    asio::ip::udp::endpoint m_server;
    asio::io_context m_io{1};
    asio::ip::udp::socket m_socket{m_io};
};

UdpClient::UdpClient(std::uint16_t serverPort, const std::string& serverAddress)
    : m_socket(std::make_unique<Socket>(serverPort, serverAddress)) {}

UdpClient::~UdpClient() = default;

bool UdpClient::send(std::span<const std::uint8_t> octets) {
    return m_socket->send(octets);
}

std::optional<Reply> UdpClient::receive(std::chrono::milliseconds timeout) {
    return m_socket->receive(timeout);
}

std::optional<Reply> UdpClient::ask(const Message& query, std::chrono::milliseconds timeout) {
    return send(query) ? receive(timeout) : std::nullopt;
}

} // namespace sotto::test
