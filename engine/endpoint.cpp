// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/endpoint.h"

#include <asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace sotto::engine {

namespace {

Error badAddress(std::string_view text, const char* detail) {
    return {ErrorCode::InvalidArgument, std::string(text), detail};
}

std::optional<std::uint16_t> parsePort(std::string_view text) {
    std::uint16_t port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size())
        return std::nullopt;
    return port;
}

} // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    // A zone has no place here, and what stands behind a NUL would not be looked at.
    if (text.find_first_of(std::string_view("%\0", 2)) != std::string_view::npos)
        return std::nullopt;
    asio::error_code error;
    const auto parsed = asio::ip::make_address(std::string(text), error);
    if (error)
        return std::nullopt;
    IpAddress address;
    address.isV6 = parsed.is_v6();
    if (address.isV6) {
        address.octets = parsed.to_v6().to_bytes();
    } else {
        const auto octets = parsed.to_v4().to_bytes();
        std::copy(octets.begin(), octets.end(), address.octets.begin());
    }
    return address;
}

std::string IpAddress::toString() const {
    if (isV6)
        return asio::ip::address_v6(octets).to_string();
    return asio::ip::address_v4({octets[0], octets[1], octets[2], octets[3]}).to_string();
}

bool IpAddress::isLoopback() const {
    if (isV6)
        return asio::ip::address_v6(octets).is_loopback();
    return octets[0] == 127;
}

IpAddress IpAddress::unmapped() const {
    if (!isV6 || !asio::ip::address_v6(octets).is_v4_mapped())
        return *this;
    IpAddress v4;
    std::copy(octets.end() - 4, octets.end(), v4.octets.begin());
    return v4;
}

Result<Endpoint> Endpoint::parse(std::string_view text, std::uint16_t defaultPort) {
    std::string_view host = text;
    std::string_view portText;
    bool hasPort = false;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos)
            return badAddress(text, "the bracket is not closed");
        host = text.substr(1, close - 1);
        const std::string_view rest = text.substr(close + 1);
        hasPort = rest.starts_with(':');
        if (!rest.empty() && !hasPort)
            return badAddress(text, "only \":PORT\" may follow the bracket");
        if (hasPort)
            portText = rest.substr(1);
    } else if (std::count(text.begin(), text.end(), ':') == 1) {
        const std::size_t colon = text.find(':');
        host = text.substr(0, colon);
        portText = text.substr(colon + 1);
        hasPort = true;
    }
    Endpoint endpoint;
    endpoint.port = defaultPort;
    const auto address = IpAddress::parse(host);
    if (!address)
        return badAddress(text, "an IP address is expected, such as 127.0.0.1:53 or [::1]:53");
    if (text.starts_with('[') && !address->isV6)
        return badAddress(text, "brackets are for IPv6 addresses only");
    endpoint.address = *address;
    if (hasPort) {
        const auto port = parsePort(portText);
        if (!port)
            return badAddress(text, "the port must be a number from 0 to 65535");
        endpoint.port = *port;
    }
    return endpoint;
}

std::string Endpoint::toString() const {
    const std::string text = address.toString();
    return (address.isV6 ? '[' + text + ']' : text) + ':' + std::to_string(port);
}

} // namespace sotto::engine
