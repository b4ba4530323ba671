// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/client_subnet.h"

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::uint8_t kIpv4 = 1; // IANA address family numbers
constexpr std::uint8_t kIpv6 = 2;
constexpr std::size_t kFixedOctets = 4;

/// Bits of an address of the family; 0 for none, nothing for one that is unknown.
std::optional<std::uint8_t> bitsOf(std::uint16_t family) {
    switch (family) {
    case 0:
        return std::uint8_t{0};
    case kIpv4:
        return std::uint8_t{32};
    case kIpv6:
        return std::uint8_t{128};
    default:
        return std::nullopt;
    }
}

/// Clears what does not belong to the prefix.
void mask(SubnetOption& subnet) {
    const std::size_t whole = subnet.sourcePrefix / 8;
    const unsigned bits = subnet.sourcePrefix % 8;
    if (bits != 0)
        subnet.address[whole] &= static_cast<std::uint8_t>(0xff00U >> bits);
    std::fill(subnet.address.begin() + static_cast<std::ptrdiff_t>(subnet.addressOctets()),
              subnet.address.end(), std::uint8_t{0});
}

} // namespace

std::optional<SubnetOption> readSubnet(Bytes content, std::uint8_t& scope) {
    if (content.size() < kFixedOctets)
        return std::nullopt;
    const std::uint16_t family = load16(content.data());
    const auto bits = bitsOf(family);
    SubnetOption subnet;
    subnet.family = static_cast<std::uint8_t>(family);
    subnet.sourcePrefix = content[2];
    if (!bits || subnet.sourcePrefix > *bits ||
        content.size() != kFixedOctets + subnet.addressOctets())
        return std::nullopt;
    std::copy(content.begin() + kFixedOctets, content.end(), subnet.address.begin());
    const auto told = subnet.address;
    mask(subnet);
    if (subnet.address != told)
        return std::nullopt;
    scope = content[3];
    return subnet;
}

std::optional<SubnetOption> readClientSubnet(Bytes content) {
    std::uint8_t scope = 0;
    auto subnet = readSubnet(content, scope);
    return scope == 0 ? subnet : std::nullopt;
}

void writeSubnet(std::uint8_t* at, const SubnetOption& subnet, std::uint8_t scope) {
    store16(at, kSubnetOption);
    store16(at + 2, static_cast<std::uint16_t>(kFixedOctets + subnet.addressOctets()));
    store16(at + 4, subnet.family);
    at[6] = subnet.sourcePrefix;
    at[7] = scope;
    std::copy_n(subnet.address.begin(), subnet.addressOctets(), at + 8);
}

SubnetOption subnetOf(const ClientSubnet& configured) {
    SubnetOption subnet;
    subnet.family = configured.address.isV6 ? kIpv6 : kIpv4;
    subnet.sourcePrefix = std::min(configured.prefixLength, *bitsOf(subnet.family));
    subnet.address = configured.address.octets;
    mask(subnet);
    return subnet;
}

} // namespace sotto::engine
