// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_socket_portable.h"

#include "asio_endpoint.h"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/v6_only.hpp>

#include <algorithm>
#include <cstring>
#include <system_error>

namespace sotto::engine {

namespace {

constexpr int kReceiveBuffer = 4 << 20;

/// What handles are opened and closed by; nothing ever waits in it.
asio::io_context& handles() {
    static asio::io_context context{1};
    return context;
}

Error socketError(const Endpoint& endpoint, const asio::error_code& error) {
    ErrorCode code = ErrorCode::SystemFailure;
    if (error == asio::error::address_in_use)
        code = ErrorCode::AddressInUse;
    if (error == asio::error::access_denied)
        code = ErrorCode::PermissionDenied;
    return {code, endpoint.toString() + " (UDP)", error.message()};
}

} // namespace

UdpSocket::System::System(asio::ip::udp::socket socket)
    : protocol(socket.local_endpoint().protocol())
    , handle(socket.release()) {}

UdpSocket::System::~System() {
    asio::error_code ignored;
    asio::ip::udp::socket socket(handles());
    socket.assign(protocol, handle, ignored);
    socket.close(ignored);
}

void keepPeer(const asio::ip::udp::endpoint& from, UdpPeer& peer) {
    peer.addressLength = static_cast<std::uint8_t>(std::min(from.size(), peer.address.size()));
    std::memcpy(peer.address.data(), from.data(), peer.addressLength);
}

asio::ip::udp::endpoint peerEndpoint(const UdpPeer& peer) {
    asio::ip::udp::endpoint endpoint;
    endpoint.resize(peer.addressLength);
    std::memcpy(endpoint.data(), peer.address.data(), peer.addressLength);
    return endpoint;
}

Endpoint UdpPeer::endpoint() const {
    const auto from = peerEndpoint(*this);
    return fromAsio(asio::ip::tcp::endpoint(from.address(), from.port()));
}

UdpSocket::UdpSocket(std::unique_ptr<System> system, const Endpoint& endpoint, bool wildcard)
    : m_system(std::move(system))
    , m_endpoint(endpoint)
    , m_wildcard(wildcard) {}

UdpSocket::~UdpSocket() = default;

/// At which of a computer's addresses a datagram arrived cannot be asked for portably, and the
/// answer must leave from there: an address that stands for all is refused.
Result<std::shared_ptr<UdpSocket>> UdpSocket::open(const Endpoint& endpoint) {
    const auto& octets = endpoint.address.octets;
    if (std::all_of(octets.begin(), octets.end(), [](auto octet) { return octet == 0; }))
        return Error{ErrorCode::InvalidArgument, endpoint.toString(),
                     "each address has to be listed by itself on this system"};
    return bind(endpoint, false);
}

Result<std::shared_ptr<UdpSocket>> UdpSocket::openBeside(const UdpSocket& first) {
    return Error{ErrorCode::InvalidArgument, first.endpoint().toString(),
                 "only one worker can listen on this system"};
}

Result<std::shared_ptr<UdpSocket>> UdpSocket::bind(const Endpoint& endpoint, bool) {
    const auto tcp = toAsio(endpoint);
    const asio::ip::udp::endpoint address(tcp.address(), tcp.port());
    asio::ip::udp::socket socket(handles());
    asio::error_code error;
    socket.open(address.protocol(), error);
    if (!error && endpoint.address.isV6)
        socket.set_option(asio::ip::v6_only(true), error);
    if (!error)
        socket.bind(address, error);
    if (!error)
        socket.native_non_blocking(true, error);
    asio::error_code ignored; // the system caps it to what it allows
    socket.set_option(asio::socket_base::receive_buffer_size(kReceiveBuffer), ignored);
    if (error)
        return socketError(endpoint, error);
    Endpoint bound = endpoint;
    bound.port = socket.local_endpoint().port();
    return std::shared_ptr<UdpSocket>(
        new UdpSocket(std::make_unique<System>(std::move(socket)), bound, false));
}

void UdpSocket::send(Bytes message, const UdpPeer& peer) const {
    // Asio's includes bring the system's own, whose call is the same everywhere but for types.
    const auto to = peerEndpoint(peer);
    (void)::sendto(m_system->handle, reinterpret_cast<const char*>(message.data()), message.size(),
                   0, to.data(), static_cast<socklen_t>(to.size()));
}

bool hostHasAddress(const IpAddress& address) {
    const auto place = toAsio({address, 0});
    const asio::ip::udp::endpoint endpoint(place.address(), place.port());
    asio::ip::udp::socket socket(handles());
    asio::error_code error;
    socket.open(endpoint.protocol(), error);
    if (error)
        return false;
    socket.bind(endpoint, error);
    return error != std::errc::address_not_available;
}

} // namespace sotto::engine
