// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"
#include "wire/header.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sotto::engine {

inline constexpr std::uint16_t kSubnetOption = 8; // RFC 7871 §6

/// The network that an answer is meant for, as the option says it (RFC 7871 §6).
struct SubnetOption {
    /// Header of the option, its fixed part, and the longest address.
    static constexpr std::size_t kMaxOctets = 4 + 4 + 16;

    std::uint8_t family = 0;       ///< 1: IPv4, 2: IPv6, 0: none, and then nothing else
    std::uint8_t sourcePrefix = 0; ///< bits of address that were told; 0: "do not tell mine"
    std::array<std::uint8_t, 16> address{}; ///< bits behind sourcePrefix are zero

    std::size_t addressOctets() const { return (std::size_t{sourcePrefix} + 7) / 8; }
    /// As an option with its header.
    std::size_t octets() const { return 4 + 4 + addressOctets(); }
    bool operator==(const SubnetOption&) const = default;
};

/// Reads the content of the option; scope gets the bits that an answer covers. Nothing where the
/// family is unknown, the prefix longer than an address, the address not as long as the prefix
/// says, or has bits behind it.
std::optional<SubnetOption> readSubnet(Bytes content, std::uint8_t& scope);
/// Reads what a client sent, whose scope must be 0 (RFC 7871 §6).
std::optional<SubnetOption> readClientSubnet(Bytes content);

/// Writes the option with its header, subnet.octets() in all.
void writeSubnet(std::uint8_t* at, const SubnetOption& subnet, std::uint8_t scope);

/// What ClientSubnet::Mode::Fixed tells.
SubnetOption subnetOf(const ClientSubnet& configured);

} // namespace sotto::engine
