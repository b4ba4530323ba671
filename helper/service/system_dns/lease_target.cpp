// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/system_dns/lease_target.h"

#include <algorithm>

namespace sotto::service {

namespace {

constexpr std::uint16_t kDnsPort = 53;
constexpr qsizetype kMaxAddresses = 4;

engine::IpAddress loopback(bool isV6) {
    return *engine::IpAddress::parse(isV6 ? "::1" : "127.0.0.1");
}

} // namespace

LeaseTarget leaseTarget(const std::vector<engine::Endpoint>& listening) {
    std::vector<engine::Endpoint> reachable;
    for (engine::Endpoint endpoint : listening) {
        if (endpoint.address == engine::IpAddress{{}, endpoint.address.isV6})
            endpoint.address = loopback(endpoint.address.isV6);
        if (endpoint.address.isLoopback())
            reachable.push_back(endpoint);
    }
    if (reachable.empty())
        return {};
    const bool hasDnsPort = std::ranges::any_of(
        reachable, [](const engine::Endpoint& one) { return one.port == kDnsPort; });
    const std::uint16_t port = hasDnsPort ? kDnsPort : reachable.front().port;
    LeaseTarget target{{}, port};
    for (const engine::Endpoint& endpoint : reachable) {
        const QString address = QString::fromStdString(endpoint.address.toString());
        if (endpoint.port == port && !target.addresses.contains(address) &&
            target.addresses.size() < kMaxAddresses)
            target.addresses += address;
    }
    return target;
}

} // namespace sotto::service
