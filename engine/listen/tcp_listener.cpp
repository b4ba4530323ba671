// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/tcp_listener.h"

#include "asio_endpoint.h"
#include "listen/tcp_client.h"
#include "wire/reply.h"

#include <asio/ip/v6_only.hpp>

#include <algorithm>

namespace sotto::engine {

TcpClients::TcpClients(QueryResponder& responder, MissSink& misses)
    : m_responder(responder)
    , m_misses(misses) {}

TcpClients::~TcpClients() {
    closeAll();
}

void TcpClients::makeRoomFor(const IpAddress& address) {
    if (m_clients.size() >= kMaxClients)
        m_clients.front()->close();
    if (address.isLoopback())
        return;
    const auto isOf = [&](const std::shared_ptr<TcpClient>& client) {
        return client->peer().address == address;
    };
    if (static_cast<std::size_t>(std::count_if(m_clients.begin(), m_clients.end(), isOf)) >=
        kMaxOfOneAddress)
        (*std::find_if(m_clients.begin(), m_clients.end(), isOf))->close();
}

void TcpClients::adopt(asio::ip::tcp::socket socket, const Endpoint& peer) {
    makeRoomFor(peer.address);
    auto client = std::make_shared<TcpClient>(std::move(socket), peer, *this);
    m_clients.push_back(client);
    client->start(std::prev(m_clients.end()));
}

void TcpClients::closeAll() {
    while (!m_clients.empty())
        m_clients.front()->close();
}

void TcpClients::moveToBack(Clients::iterator client) {
    m_clients.splice(m_clients.end(), m_clients, client);
}

void TcpClients::forget(Clients::iterator client) {
    m_clients.erase(client);
}

TcpListener::TcpListener(asio::io_context& context)
    : m_acceptor(context)
    , m_pause(context) {}

Result<std::shared_ptr<TcpListener>> TcpListener::open(asio::io_context& context,
                                                       const Endpoint& endpoint) {
    std::shared_ptr<TcpListener> listener(new TcpListener(context));
    const auto address = toAsio(endpoint);
    asio::error_code error;
    auto& acceptor = listener->m_acceptor;
    acceptor.open(address.protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && endpoint.address.isV6)
        acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error)
        acceptor.bind(address, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        ErrorCode code = ErrorCode::SystemFailure;
        if (error == asio::error::address_in_use)
            code = ErrorCode::AddressInUse;
        if (error == asio::error::access_denied)
            code = ErrorCode::PermissionDenied;
        return Error{code, endpoint.toString() + " (TCP)", error.message()};
    }
    return listener;
}

void TcpListener::start(TcpClients& clients) {
    accept(clients);
}

void TcpListener::close() {
    asio::error_code ignored;
    m_acceptor.close(ignored);
    m_pause.cancel();
}

void TcpListener::accept(TcpClients& clients) {
    m_acceptor.async_accept([self = shared_from_this(), &clients](const asio::error_code& error,
                                                                  asio::ip::tcp::socket socket) {
        if (!self->m_acceptor.is_open())
            return;
        if (!error) {
            asio::error_code peerError;
            const auto peer = socket.remote_endpoint(peerError);
            if (!peerError)
                clients.adopt(std::move(socket), fromAsio(peer));
            self->accept(clients);
            return;
        }
        // Out of descriptors or memory: accepting again at once would only spin.
        self->m_pause.expires_after(std::chrono::milliseconds(100));
        self->m_pause.async_wait([self, &clients](const asio::error_code& cancelled) {
            if (!cancelled && self->m_acceptor.is_open())
                self->accept(clients);
        });
    });
}

} // namespace sotto::engine
