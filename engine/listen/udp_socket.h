// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/result.h"
#include "wire/header.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace sotto::engine {

/// From whom a datagram came, and at which of our addresses it arrived: the answer must leave from
/// there. Both in the system's own notation.
struct UdpPeer {
    alignas(8) std::array<std::byte, 28> address;
    std::uint8_t addressLength = 0;
    std::uint8_t controlLength = 0;               ///< 0 where the socket is bound to one address
    alignas(8) std::array<std::byte, 40> control; ///< IP_PKTINFO or IPV6_PKTINFO

    Endpoint endpoint() const;
};

/// A bound, non-blocking UDP socket. Reference-counted: a pending query holds a reference, so that
/// its answer can never leave through a descriptor that was closed and reused.
class UdpSocket {
public:
    /// Binds; port 0 takes a free one. An error where somebody else holds the port.
    static Result<std::shared_ptr<UdpSocket>> open(const Endpoint& endpoint);
    /// Binds another socket to the same address and port: the system deals the datagrams out
    /// between them, those of one client always to the same. An error where a system cannot.
    static Result<std::shared_ptr<UdpSocket>> openBeside(const UdpSocket& first);
    ~UdpSocket();

    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    /// What the system calls it; the listener of the same system knows what that is.
    struct System;
    const System& system() const { return *m_system; }
    /// Where it is bound, with the real port.
    const Endpoint& endpoint() const { return m_endpoint; }
    /// Bound to all addresses: datagrams carry the one that they came to.
    bool isWildcard() const { return m_wildcard; }

    /// Sends one answer. Any thread. What the system does not take is lost, as UDP may.
    void send(Bytes message, const UdpPeer& peer) const;

private:
    UdpSocket(std::unique_ptr<System> system, const Endpoint& endpoint, bool wildcard);
    static Result<std::shared_ptr<UdpSocket>> bind(const Endpoint& endpoint, bool shared);

    std::unique_ptr<System> m_system;
    Endpoint m_endpoint;
    bool m_wildcard;
};

/// Whether the address is one of this host's now.
bool hostHasAddress(const IpAddress& address);
/// Whether this host speaks the address family at all.
inline bool hostHasFamily(bool isV6) {
    return hostHasAddress(*IpAddress::parse(isV6 ? "::1" : "127.0.0.1"));
}

} // namespace sotto::engine
