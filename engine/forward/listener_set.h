// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/result.h"
#include "listen/tcp_listener.h"
#include "listen/udp_socket.h"

#include <asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace sotto::engine {

/// The addresses that are listened at, with what is open for each. A change opens what is new
/// before it takes effect, so that one that fails changes nothing.
///
/// An address that may come and go, as that of a container engine's bridge does, is waited for
/// while the computer does not have it; its sockets outlive that it goes. Whether one has come is
/// found out by opening the same addresses again.
///
/// Resolver thread only, or before that runs; endpoints() and deal() belong to the owner, who is
/// waited for by no change.
class ListenerSet {
public:
    /// A listen address as configured, with what is open for it.
    struct Listener {
        Endpoint configured;
        /// On the same port, at least one a worker. None is given up while the address stays: the
        /// system would go on dealing datagrams to it as long as a pending query holds it.
        std::vector<std::shared_ptr<UdpSocket>> udp;
        std::shared_ptr<TcpListener> tcp;
        bool started = false;
        bool isAway = false; ///< the computer does not have the address now
    };
    struct Opened {
        std::vector<Listener> listeners;
        std::vector<Endpoint> waiting;    ///< not open yet
        std::vector<std::string> notices; ///< of addresses that this computer does not have
    };
    /// The sockets of one worker.
    using Hand = std::vector<std::shared_ptr<UdpSocket>>;

    explicit ListenerSet(asio::io_context& context)
        : m_context(context) {}

    /// Opens what is not open yet and takes over what is.
    Result<Opened> open(const std::vector<Endpoint>& endpoints, unsigned workers) const;
    /// Leaves the addresses that are not among them, and accepts at the new ones.
    void putInForce(const Opened& opened, TcpClients& clients);
    void closeTcp();
    void forget() { m_listeners.clear(); }

    std::vector<Hand> deal(unsigned workers) const;
    /// Those that can be reached, with the ports that the system chose.
    std::vector<Endpoint> endpoints() const;

private:
    Result<Listener> openListener(const Endpoint& endpoint, unsigned workers) const;
    static Result<void> addSockets(Listener& listener, unsigned workers);
    /// One that is new and cannot be opened: empty where it is waited for.
    Result<void> wait(const Endpoint& endpoint, const Error& why, Opened& opened) const;
    Error explainOwnPort(Error error, const Endpoint& endpoint) const;

    asio::io_context& m_context;
    std::vector<Listener> m_listeners;
    std::vector<Endpoint> m_waiting;
};

} // namespace sotto::engine
