// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/listener_set.h"

#include <algorithm>
#include <utility>

namespace sotto::engine {

namespace {

constexpr int kFreePortTries = 16; // a free UDP port may be taken for TCP

/// Loopback addresses and those that stand for all are there for as long as their family is.
bool mayComeAndGo(const IpAddress& address) {
    return !address.isLoopback() && address != IpAddress{{}, address.isV6};
}

bool isAway(const IpAddress& address) {
    return mayComeAndGo(address) && !hostHasAddress(address);
}

std::string waitingText(const Endpoint& endpoint) {
    return endpoint.toString() +
           ": this computer does not have that address now; Sotto waits for it";
}

} // namespace

Result<void> ListenerSet::addSockets(Listener& listener, unsigned workers) {
    while (listener.udp.size() < workers) {
        auto socket = UdpSocket::openBeside(*listener.udp.front());
        if (!socket && isAway(listener.configured.address))
            return {}; // once it is back, the next change adds them
        if (!socket)
            return socket.error();
        listener.udp.push_back(socket.take());
    }
    return {};
}

Result<ListenerSet::Listener> ListenerSet::openListener(const Endpoint& endpoint,
                                                        unsigned workers) const {
    for (int left = kFreePortTries;; --left) {
        auto udp = UdpSocket::open(endpoint);
        const bool maybeNextTime = endpoint.port == 0 && left > 0;
        if (!udp && udp.error().code == ErrorCode::AddressInUse && maybeNextTime)
            continue;
        if (!udp)
            return udp.error();
        Listener listener{endpoint, {udp.take()}, nullptr};
        auto tcp = TcpListener::open(m_context, listener.udp.front()->endpoint());
        if (tcp) {
            listener.tcp = tcp.take();
            const auto shared = addSockets(listener, workers);
            return shared ? Result<Listener>(listener) : shared.error();
        }
        if (!maybeNextTime)
            return tcp.error();
    }
}

/// Where the port is held by a listener of our own, at an address that covers this one or is
/// covered by it, nobody else is to blame.
Error ListenerSet::explainOwnPort(Error error, const Endpoint& endpoint) const {
    const auto own = std::find_if(m_listeners.begin(), m_listeners.end(), [&](const Listener& one) {
        return one.configured.port == endpoint.port &&
               one.configured.address.isV6 == endpoint.address.isV6;
    });
    if (error.code == ErrorCode::AddressInUse && own != m_listeners.end())
        error.detail += "; this service itself holds the port at " + own->configured.toString() +
                        ", so this change needs a restart";
    return error;
}

Result<void> ListenerSet::wait(const Endpoint& endpoint, const Error& why, Opened& opened) const {
    if (!mayComeAndGo(endpoint.address))
        return why;
    // Where it has come, but its port is another's, that is no reason to refuse what else changes.
    const bool hasWaited =
        std::find(m_waiting.begin(), m_waiting.end(), endpoint) != m_waiting.end();
    if (isAway(endpoint.address))
        opened.notices.push_back(waitingText(endpoint));
    else if (hasWaited)
        opened.notices.push_back(why.message() + "; Sotto does not answer there");
    else
        return why;
    opened.waiting.push_back(endpoint);
    return {};
}

Result<ListenerSet::Opened> ListenerSet::open(const std::vector<Endpoint>& endpoints,
                                              unsigned workers) const {
    Opened opened;
    for (const Endpoint& endpoint : endpoints) {
        const auto open =
            std::find_if(m_listeners.begin(), m_listeners.end(),
                         [&](const Listener& one) { return one.configured == endpoint; });
        if (open != m_listeners.end()) {
            Listener listener = *open;
            listener.isAway = isAway(endpoint.address);
            if (listener.isAway)
                opened.notices.push_back(waitingText(endpoint));
            if (const auto shared = addSockets(listener, workers); !shared)
                return shared.error();
            opened.listeners.push_back(std::move(listener));
            continue;
        }
        if (!hostHasFamily(endpoint.address.isV6)) {
            opened.notices.push_back(endpoint.toString() + ": skipped, this computer has no " +
                                     (endpoint.address.isV6 ? "IPv6" : "IPv4"));
            continue;
        }
        auto listener = openListener(endpoint, workers);
        if (listener)
            opened.listeners.push_back(listener.take());
        else if (const auto waits =
                     wait(endpoint, explainOwnPort(listener.error(), endpoint), opened);
                 !waits)
            return waits.error();
    }
    if (opened.listeners.empty() && opened.waiting.empty())
        return Error{ErrorCode::InvalidArgument, "listen",
                     "none of the addresses can be opened on this computer"};
    return opened;
}

void ListenerSet::putInForce(const Opened& opened, TcpClients& clients) {
    for (const Listener& old : m_listeners) {
        const bool stays =
            std::any_of(opened.listeners.begin(), opened.listeners.end(),
                        [&](const Listener& one) { return one.configured == old.configured; });
        if (!stays)
            old.tcp->close();
    }
    m_listeners = opened.listeners;
    m_waiting = opened.waiting;
    for (Listener& listener : m_listeners) {
        if (!std::exchange(listener.started, true))
            listener.tcp->start(clients);
    }
}

std::vector<ListenerSet::Hand> ListenerSet::deal(unsigned workers) const {
    std::vector<Hand> hands(workers);
    for (const Listener& listener : m_listeners) {
        for (std::size_t i = 0; i < listener.udp.size(); ++i)
            hands[i % workers].push_back(listener.udp[i]);
    }
    return hands;
}

void ListenerSet::closeTcp() {
    for (const Listener& listener : m_listeners)
        listener.tcp->close();
}

std::vector<Endpoint> ListenerSet::endpoints() const {
    std::vector<Endpoint> endpoints;
    for (const Listener& listener : m_listeners) {
        if (!listener.isAway)
            endpoints.push_back(listener.udp.front()->endpoint());
    }
    return endpoints;
}

} // namespace sotto::engine
