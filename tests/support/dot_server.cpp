// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_server.h"

#include "dot_session.h"
#include "server_tls.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <cstdio>
#include <future>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sotto::test {

/// The listening socket, its connections and the thread they live on.
class DotServer::Loop {
public:
    explicit Loop(std::shared_ptr<ServerState> state)
        : m_state(std::move(state)) {}

    ~Loop() {
        if (!m_thread.joinable())
            return;
        asio::post(m_io, [this] {
            asio::error_code ignored;
            m_acceptor.close(ignored);
            endAll(Behaviour::Ending::CloseWithoutNotify);
            m_io.stop();
        });
        m_thread.join();
    }

    bool listen(const std::string& address, std::uint16_t port, std::string& why) {
        asio::error_code error;
        const auto ip = asio::ip::make_address(address, error);
        const asio::ip::tcp::endpoint endpoint(ip, port);
        if (!error)
            m_acceptor.open(endpoint.protocol(), error);
        if (!error)
            m_acceptor.set_option(asio::socket_base::reuse_address(true), error);
        if (!error)
            m_acceptor.bind(endpoint, error);
        if (!error)
            m_acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error) {
            why = address + ":" + std::to_string(port) + ": " + error.message();
            return false;
        }
        try {
            makeServerTls(*m_state, *m_state->script());
        } catch (const std::system_error& bad) {
            why = bad.what();
            return false;
        }
        accept();
        m_thread = std::thread([this] { m_io.run(); });
        return true;
    }

    std::uint16_t port() const {
        asio::error_code ignored;
        return m_acceptor.local_endpoint(ignored).port();
    }

    void endConnections(Behaviour::Ending ending) {
        std::promise<void> done;
        asio::post(m_io, [&] {
            endAll(ending);
            done.set_value();
        });
        done.get_future().wait();
    }

private:
    void accept() {
        m_acceptor.async_accept([this](asio::error_code error, asio::ip::tcp::socket socket) {
            if (error == asio::error::operation_aborted || !m_acceptor.is_open())
                return;
            if (!error)
                serve(std::move(socket));
            accept();
        });
    }

    void serve(asio::ip::tcp::socket socket) {
        const auto script = m_state->script();
        try {
            auto session = std::make_shared<DotSession>(
                std::move(socket), makeServerTls(*m_state, *script), m_state, script);
            std::erase_if(m_sessions, [](const auto& each) { return each.expired(); });
            m_sessions.push_back(session);
            session->start();
        } catch (const std::system_error& error) {
            std::fprintf(stderr, "test server: the certificate cannot be used: %s\n", error.what());
        }
    }

    void endAll(Behaviour::Ending ending) {
        for (const auto& each : std::exchange(m_sessions, {}))
            if (const auto session = each.lock())
                session->end(ending);
    }

    std::shared_ptr<ServerState> m_state;
    asio::io_context m_io{1};
    asio::ip::tcp::acceptor m_acceptor{m_io};
    std::vector<std::weak_ptr<DotSession>> m_sessions;
    std::thread m_thread;
};

DotServer::DotServer(Identity identity, ZoneSet zones)
    : DotServer(std::move(identity), std::move(zones), Options()) {}

DotServer::DotServer(Identity identity, ZoneSet zones, Options options)
    : m_state(std::make_shared<ServerState>(std::move(identity), std::move(zones),
                                            options.keepsRecords))
    , m_options(std::move(options)) {}

DotServer::~DotServer() {
    stop();
}

bool DotServer::start(std::string* error) {
    stop();
    auto loop = std::make_unique<Loop>(m_state);
    std::string why;
    if (!loop->listen(m_options.address, m_options.port, why)) {
        if (error)
            *error = why;
        return false;
    }
    m_options.port = loop->port();
    m_loop = std::move(loop);
    return true;
}

void DotServer::stop() {
    m_loop.reset();
}

std::uint16_t DotServer::port() const {
    return m_options.port;
}

void DotServer::setScript(ServerScript script) {
    m_state->setScript(std::move(script));
}

void DotServer::setIdentity(Identity identity) {
    m_state->setIdentity(std::move(identity));
}

void DotServer::setZones(ZoneSet zones) {
    m_state->setZones(std::move(zones));
}

void DotServer::setResponder(Responder responder) {
    m_state->setResponder(std::move(responder));
}

void DotServer::endConnections(Behaviour::Ending ending) {
    if (m_loop)
        m_loop->endConnections(ending);
}

Observations DotServer::observations() const {
    return m_state->snapshot();
}

void DotServer::forgetObservations() {
    m_state->forget();
}

bool DotServer::waitFor(const std::function<bool(const Observations&)>& predicate,
                        std::chrono::milliseconds timeout) const {
    return m_state->waitFor(predicate, timeout);
}

} // namespace sotto::test
