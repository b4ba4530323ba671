// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_socket_linux.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::engine {

namespace {

constexpr int kReceiveBuffer = 4 << 20; // the system caps it to what it allows

socklen_t toSystem(const Endpoint& endpoint, sockaddr_storage& storage) {
    std::memset(&storage, 0, sizeof storage);
    if (endpoint.address.isV6) {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        std::copy(endpoint.address.octets.begin(), endpoint.address.octets.end(),
                  v6.sin6_addr.s6_addr);
        return sizeof v6;
    }
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, endpoint.address.octets.data(), 4);
    return sizeof v4;
}

Endpoint fromSystem(const void* address) {
    Endpoint endpoint;
    sockaddr family;
    std::memcpy(&family, address, sizeof family);
    if (family.sa_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, address, sizeof v6);
        endpoint.address.isV6 = true;
        std::copy_n(v6.sin6_addr.s6_addr, 16, endpoint.address.octets.begin());
        endpoint.port = ntohs(v6.sin6_port);
    } else {
        sockaddr_in v4;
        std::memcpy(&v4, address, sizeof v4);
        std::memcpy(endpoint.address.octets.data(), &v4.sin_addr, 4);
        endpoint.port = ntohs(v4.sin_port);
    }
    return endpoint;
}

Error systemError(const Endpoint& endpoint, const char* what) {
    const int number = errno;
    ErrorCode code = ErrorCode::SystemFailure;
    if (number == EADDRINUSE)
        code = ErrorCode::AddressInUse;
    if (number == EACCES || number == EPERM)
        code = ErrorCode::PermissionDenied;
    return {code, endpoint.toString() + " (UDP)", std::string(what) + std::strerror(number)};
}

bool setOption(int descriptor, int level, int option, int value) {
    return ::setsockopt(descriptor, level, option, &value, sizeof value) == 0;
}

} // namespace

Endpoint UdpPeer::endpoint() const {
    return fromSystem(address.data());
}

UdpSocket::System::~System() {
    ::close(descriptor);
}

UdpSocket::UdpSocket(std::unique_ptr<System> system, const Endpoint& endpoint, bool wildcard)
    : m_system(std::move(system))
    , m_endpoint(endpoint)
    , m_wildcard(wildcard) {}

UdpSocket::~UdpSocket() = default;

/// A port that may be shared would be shared with another process of the same user, too, without
/// a word: whether it is free is found out by a socket that does not share. It is closed again, so
/// that all that stay can share, and workers can be added later.
Result<std::shared_ptr<UdpSocket>> UdpSocket::open(const Endpoint& endpoint) {
    Endpoint free = endpoint;
    {
        auto alone = bind(endpoint, false);
        if (!alone)
            return alone.error();
        free.port = alone.value()->endpoint().port;
    }
    return bind(free, true);
}

Result<std::shared_ptr<UdpSocket>> UdpSocket::openBeside(const UdpSocket& first) {
    return bind(first.endpoint(), true);
}

Result<std::shared_ptr<UdpSocket>> UdpSocket::bind(const Endpoint& endpoint, bool shared) {
    const bool isV6 = endpoint.address.isV6;
    const int descriptor =
        ::socket(isV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return systemError(endpoint, "no socket: ");
    const auto& octets = endpoint.address.octets;
    const bool wildcard = std::all_of(octets.begin(), octets.end(), [](auto o) { return o == 0; });
    std::shared_ptr<UdpSocket> socket(
        new UdpSocket(std::make_unique<System>(descriptor), endpoint, wildcard));

    if (isV6)
        setOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (wildcard && !setOption(descriptor, isV6 ? IPPROTO_IPV6 : IPPROTO_IP,
                               isV6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1))
        return systemError(endpoint, "the arrival address cannot be asked for: ");
    if (shared && !setOption(descriptor, SOL_SOCKET, SO_REUSEPORT, 1))
        return systemError(endpoint, "the port cannot be shared: ");
    setOption(descriptor, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);

    sockaddr_storage storage;
    socklen_t length = toSystem(endpoint, storage);
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&storage), length) != 0)
        return systemError(endpoint, "");
    length = sizeof storage;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
        return systemError(endpoint, "the port cannot be read: ");
    socket->m_endpoint = fromSystem(&storage);
    return socket;
}

void UdpSocket::send(Bytes message, const UdpPeer& peer) const {
    iovec part{const_cast<std::uint8_t*>(message.data()), message.size()};
    msghdr header{};
    header.msg_name = const_cast<std::byte*>(peer.address.data());
    header.msg_namelen = peer.addressLength;
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (peer.controlLength) {
        header.msg_control = const_cast<std::byte*>(peer.control.data());
        header.msg_controllen = peer.controlLength;
    }
    (void)::sendmsg(m_system->descriptor, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool hostHasAddress(const IpAddress& address) {
    const int descriptor =
        ::socket(address.isV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return false;
    sockaddr_storage storage;
    const socklen_t length = toSystem({address, 0}, storage);
    const bool bound = ::bind(descriptor, reinterpret_cast<sockaddr*>(&storage), length) == 0;
    const bool absent = !bound && errno == EADDRNOTAVAIL;
    ::close(descriptor);
    return !absent;
}

} // namespace sotto::engine
