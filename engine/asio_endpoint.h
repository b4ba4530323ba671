// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"

#include <asio/ip/tcp.hpp>

#include <algorithm>

/// Endpoints in Asio's notation and back.
namespace sotto::engine {

inline asio::ip::tcp::endpoint toAsio(const Endpoint& endpoint) {
    if (endpoint.address.isV6)
        return {asio::ip::address_v6(endpoint.address.octets), endpoint.port};
    const auto& octets = endpoint.address.octets;
    return {asio::ip::address_v4({octets[0], octets[1], octets[2], octets[3]}), endpoint.port};
}

inline Endpoint fromAsio(const asio::ip::tcp::endpoint& from) {
    Endpoint endpoint;
    endpoint.port = from.port();
    endpoint.address.isV6 = from.address().is_v6();
    if (endpoint.address.isV6) {
        endpoint.address.octets = from.address().to_v6().to_bytes();
    } else {
        const auto octets = from.address().to_v4().to_bytes();
        std::copy(octets.begin(), octets.end(), endpoint.address.octets.begin());
    }
    return endpoint;
}

} // namespace sotto::engine
