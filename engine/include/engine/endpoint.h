// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::engine {

/// An IPv4 or IPv6 address in network byte order; IPv4 uses the first four octets.
struct IpAddress {
    std::array<std::uint8_t, 16> octets{};
    bool isV6 = false;

    /// Reads dotted-quad or RFC 4291 text, without brackets and without a zone.
    static std::optional<IpAddress> parse(std::string_view text);

    /// The canonical text of RFC 5952 (IPv6) or dotted quad.
    std::string toString() const;
    bool isLoopback() const;
    /// Of an IPv4-mapped address (RFC 4291 §2.5.5.2) the IPv4 address, which is where the system
    /// sends; any other one as it is.
    IpAddress unmapped() const;

    auto operator<=>(const IpAddress&) const = default;
};

/// An address and a port, as people write them: "127.0.0.1:53", "[::1]:53".
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    /// Reads "ADDRESS", "ADDRESS:PORT" or "[V6ADDRESS]:PORT"; a missing port becomes defaultPort.
    static Result<Endpoint> parse(std::string_view text, std::uint16_t defaultPort);

    std::string toString() const;

    auto operator<=>(const Endpoint&) const = default;
};

} // namespace sotto::engine
