// SPDX-License-Identifier: GPL-3.0-or-later
#include "udp_service.h"

#include "answer_plan.h"

#include <asio/buffer.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <utility>

namespace sotto::test {
namespace {

constexpr std::size_t kClassicSize = 512;

/// As it fits the client's datagrams (RFC 2181 §9, RFC 6891 §6.2.3).
Bytes fitted(Bytes message, const SeenQuery& query) {
    const bool usesEdns = query.message && query.message->edns;
    const std::size_t room =
        usesEdns ? std::max<std::size_t>(query.message->edns->udpSize, kClassicSize) : kClassicSize;
    if (message.size() <= room)
        return message;
    auto cut = Message::parse(message);
    if (!cut)
        return message;
    cut->truncated = true;
    cut->answers.clear();
    cut->authorities.clear();
    cut->additionals.clear();
    return cut->toWire();
}

} // namespace

UdpService::UdpService(asio::ip::udp::socket socket, std::shared_ptr<ServerState> state)
    : m_socket(std::move(socket))
    , m_state(std::move(state)) {}

void UdpService::start() {
    m_socket.async_receive_from(
        asio::buffer(m_buffer), m_client, [this](asio::error_code error, std::size_t size) {
            if (error == asio::error::operation_aborted)
                return;
            if (!error)
                take(Bytes(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(size)));
            start();
        });
}

void UdpService::close() {
    asio::error_code ignored;
    m_socket.close(ignored);
}

void UdpService::take(Bytes raw) {
    SeenQuery query;
    query.transport = SeenTransport::Udp;
    query.client = m_client.address().to_string();
    query.at = TestClock::now();
    query.message = Message::parse(raw, &query.parseError);
    query.raw = std::move(raw);
    m_state->noteQuery(query);
    const Behaviour behaviour = m_state->takeBehaviour(query.name());
    auto timer = std::make_shared<asio::steady_timer>(m_socket.get_executor(), behaviour.delay);
    for (const Bytes& message : planAnswer(query, behaviour, *m_state)) {
        const Bytes fit = fitted(message, query);
        if (behaviour.delay.count() == 0)
            send(fit, m_client, behaviour.wrongSource);
        else
            timer->async_wait([this, timer, fit, client = m_client,
                               elsewhere = behaviour.wrongSource](asio::error_code error) {
                if (!error)
                    send(fit, client, elsewhere);
            });
    }
}

void UdpService::send(const Bytes& message, const asio::ip::udp::endpoint& client,
                      bool fromElsewhere) {
    asio::error_code error;
    if (!fromElsewhere) {
        m_socket.send_to(asio::buffer(message), client, 0, error);
        return;
    }
    asio::ip::udp::socket other(m_socket.get_executor());
    other.open(client.protocol(), error);
    if (!error)
        other.bind({m_socket.local_endpoint(error).address(), 0}, error);
    if (!error)
        other.send_to(asio::buffer(message), client, 0, error);
}

} // namespace sotto::test
