// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_loop.h"

#include "fast_open_syn.h"

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace sotto::test {
namespace {

constexpr int kTries = 50; // for a port that is free for UDP and TCP

} // namespace

ServerLoop::ServerLoop(std::shared_ptr<ServerState> state)
    : m_state(std::move(state)) {}

ServerLoop::~ServerLoop() {
    if (!m_thread.joinable())
        return;
    wake();
    asio::post(m_io, [this] {
        asio::error_code ignored;
        m_acceptor.close(ignored);
        if (m_udp)
            m_udp->close();
        endAll(Behaviour::Ending::CloseWithoutNotify);
        m_io.stop();
    });
    m_thread.join();
}

bool ServerLoop::listen(const Settings& settings, std::string& why) {
    m_settings = settings;
    if (settings.encrypted && !makeServerTls(*m_state, *m_state->script(), why).ssl)
        return false;
    for (int i = 0; !open(why); ++i)
        if (settings.port != 0 || settings.encrypted || i >= kTries)
            return false;
    accept();
    if (m_udp)
        m_udp->start();
    m_thread = std::thread([this] {
        const auto guard = asio::make_work_guard(m_io); // also while nothing listens
        m_io.run();
    });
    return true;
}

bool ServerLoop::open(std::string& why) {
    asio::error_code error;
    const auto ip = asio::ip::make_address(m_settings.address, error);
    const asio::ip::tcp::endpoint endpoint(ip, m_settings.port);
    if (!error)
        m_acceptor.open(endpoint.protocol(), error);
    if (!error)
        m_acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        m_acceptor.bind(endpoint, error);
    if (!error && m_settings.fastOpen)
        allowFastOpen(m_acceptor.native_handle());
    if (!error)
        m_acceptor.listen(asio::socket_base::max_listen_connections, error);
    std::uint16_t port = 0;
    if (!error)
        port = m_acceptor.local_endpoint(error).port();
    if (!error && !m_settings.encrypted && !m_udp) {
        const asio::ip::udp::endpoint beside(ip, port);
        asio::ip::udp::socket socket(m_io);
        socket.open(beside.protocol(), error);
        if (!error)
            socket.bind(beside, error);
        if (!error)
            m_udp.emplace(std::move(socket), m_state);
    }
    if (error) {
        why = m_settings.address + ":" + std::to_string(m_settings.port) + ": " + error.message();
        m_acceptor.close(error);
        return false;
    }
    m_settings.port = port;
    return true;
}

void ServerLoop::accept() {
    m_acceptor.async_accept([this](asio::error_code error, asio::ip::tcp::socket socket) {
        if (error == asio::error::operation_aborted || !m_acceptor.is_open())
            return;
        if (!error)
            serve(std::move(socket));
        accept();
    });
}

void ServerLoop::serve(asio::ip::tcp::socket socket) {
    asio::error_code error;
    const std::uint16_t port = socket.remote_endpoint(error).port();
    if (std::erase(m_notClients, port) > 0)
        return;
    const auto script = m_state->script();
    ServerTls tls;
    std::string why;
    if (m_settings.encrypted) {
        tls = makeServerTls(*m_state, *script, why);
        if (!tls.ssl) {
            std::fprintf(stderr, "test server: the certificate cannot be used: %s\n", why.c_str());
            return;
        }
    }
    auto session =
        std::make_shared<StreamSession>(std::move(socket), std::move(tls), m_state, script);
    std::erase_if(m_sessions, [](const auto& each) { return each.expired(); });
    m_sessions.push_back(session);
    session->start();
}

void ServerLoop::endAll(Behaviour::Ending ending) {
    for (const auto& each : std::exchange(m_sessions, {}))
        if (const auto session = each.lock()) {
            session->end(ending);
            m_sessions.push_back(each); // it may still be waiting for the peer
        }
}

void ServerLoop::onThread(const std::function<void()>& what) {
    std::promise<void> done;
    asio::post(m_io, [&] {
        what();
        done.set_value();
    });
    done.get_future().wait();
}

void ServerLoop::endConnections(Behaviour::Ending ending) {
    onThread([&] { endAll(ending); });
}

void ServerLoop::stopListening() {
    onThread([this] {
        asio::error_code ignored;
        m_acceptor.close(ignored);
    });
}

bool ServerLoop::listenAgain() {
    bool good = false;
    onThread([&] {
        std::string ignored;
        good = m_acceptor.is_open() || open(ignored);
        if (good)
            accept();
    });
    return good;
}

void ServerLoop::hang(bool dropsConnections) {
    wake();
    m_wake.emplace();
    std::promise<void> standing;
    asio::post(m_io, [&standing, woken = m_wake->get_future().share()] {
        standing.set_value();
        woken.wait();
    });
    standing.get_future().wait();
    if (!dropsConnections)
        return;
    m_filler = std::make_unique<QueueFiller>(m_acceptor.native_handle());
    const auto& ports = m_filler->ports(); // the thread that reads them next stands still
    m_notClients.insert(m_notClients.end(), ports.begin(), ports.end());
}

void ServerLoop::wake() {
    if (!m_wake)
        return;
    if (std::exchange(m_filler, nullptr)) {
        asio::error_code ignored;
        m_acceptor.listen(asio::socket_base::max_listen_connections, ignored);
    }
    m_wake->set_value();
    m_wake.reset();
}

} // namespace sotto::test
