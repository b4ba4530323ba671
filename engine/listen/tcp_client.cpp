// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/tcp_client.h"

#include "observe/clocks.h"

#include <asio/write.hpp>

#include <algorithm>

namespace sotto::engine {

TcpClient::TcpClient(asio::ip::tcp::socket socket, const Endpoint& peer, TcpClients& clients)
    : m_socket(std::move(socket))
    , m_idle(m_socket.get_executor())
    , m_peer(peer)
    , m_clients(&clients) {}

void TcpClient::start(std::list<std::shared_ptr<TcpClient>>::iterator place) {
    m_place = place;
    asio::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    restartIdleTimer();
    read();
}

void TcpClient::close() {
    if (!m_clients)
        return;
    const auto self = shared_from_this();
    std::exchange(m_clients, nullptr)->forget(m_place);
    m_idle.cancel();
    asio::error_code ignored;
    m_socket.close(ignored);
}

bool TcpClient::mayRead() const {
    return m_clients && !m_reading && !m_inputEnded && m_pending < kMaxPending &&
           m_unsent.size() + m_sending.size() < kMaxUnsent;
}

void TcpClient::read() {
    m_reading = true;
    m_socket.async_read_some(
        asio::buffer(m_chunk),
        [self = shared_from_this()](const asio::error_code& error, std::size_t octets) {
            self->m_reading = false;
            if (!self->m_clients)
                return;
            if (error) {
                self->m_inputEnded = true;
                if (error != asio::error::eof)
                    self->close();
            } else {
                self->m_input.append(Bytes(self->m_chunk).first(octets));
            }
            self->goOn();
        });
}

/// Serves what has been read as far as the limits allow, and reads on, or closes where nothing is
/// left to do.
void TcpClient::goOn() {
    if (!m_clients)
        return;
    takeInput();
    if (m_inputEnded && m_pending == 0 && m_unsent.empty() && m_sending.empty())
        close();
    else if (mayRead())
        read();
}

void TcpClient::takeInput() {
    std::vector<ClientQuery> misses;
    m_clients->responder().beginBatch();
    bool served = false;
    while (m_clients && m_pending < kMaxPending && m_unsent.size() < kMaxUnsent) {
        const auto message = m_input.next();
        if (!message)
            break;
        serve(*message, misses);
        served = true;
    }
    if (served && m_clients) { // not closed for what it sent
        restartIdleTimer();
        m_clients->moveToBack(m_place);
    }
    if (!misses.empty() && m_clients)
        m_clients->misses().take(misses);
    write();
}

void TcpClient::serve(Bytes message, std::vector<ClientQuery>& misses) {
    QueryResponder& responder = m_clients->responder();
    MessageBuffer& buffer = m_clients->replyBuffer();
    ClientRequest request;
    const auto response = responder.respond(message, Transport::Tcp, request, buffer.octets());
    switch (response.outcome) {
    case QueryResponder::Outcome::Drop:
        close(); // what sends no query over TCP is no DNS client
        return;
    case QueryResponder::Outcome::Reply:
        enqueue(buffer.first(response.size));
        if (response.refresh)
            misses.push_back(responder.refreshOf(message, request));
        note(message, request, response);
        return;
    case QueryResponder::Outcome::Miss:
        break;
    }
    ClientQuery& miss =
        misses.emplace_back(responder.missOf(message, request, response, Transport::Tcp));
    miss.client = m_peer;
    miss.replyTo = std::static_pointer_cast<ReplySink>(shared_from_this());
    ++m_pending;
}

void TcpClient::note(Bytes message, const ClientRequest& request,
                     const QueryResponder::Response& response) {
    QueryResponder& responder = m_clients->responder();
    const std::uint32_t duration = responder.microsInBatch();
    if (responder.recordsQueries())
        responder.record(message, request, response, m_clients->replyBuffer().first(response.size),
                         Transport::Tcp, m_peer, duration);
    responder.endBatch(response.source == AnswerSource::Local ? 0 : 1, duration);
}

void TcpClient::reply(Bytes message, const QueryRecord&) {
    --m_pending;
    if (!m_clients)
        return;
    if (m_unsent.size() > kMostUnsent)
        return close();
    enqueue(message);
    write();
    if (!m_reading && !m_inputEnded)
        goOn(); // reading had paused at a limit
}

void TcpClient::enqueue(Bytes message) {
    const std::size_t at = m_unsent.size();
    m_unsent.resize(at + 2);
    store16(&m_unsent[at], static_cast<std::uint16_t>(message.size()));
    m_unsent.insert(m_unsent.end(), message.begin(), message.end());
}

void TcpClient::write() {
    if (!m_clients || !m_sending.empty() || m_unsent.empty())
        return;
    m_sending.swap(m_unsent);
    asio::async_write(m_socket, asio::buffer(m_sending),
                      [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                          self->m_sending.clear();
                          if (error) {
                              self->close();
                              return;
                          }
                          self->write();
                          self->goOn();
                      });
}

void TcpClient::restartIdleTimer() {
    m_idle.expires_after(kIdle);
    m_idle.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (!cancelled)
            self->close();
    });
}

} // namespace sotto::engine
