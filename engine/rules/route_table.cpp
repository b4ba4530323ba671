// SPDX-License-Identifier: GPL-3.0-or-later
#include "rules/route_table.h"

#include <algorithm>
#include <string>

namespace sotto::engine {

Result<RouteTable> RouteTable::make(const std::vector<Route>& routes) {
    if (routes.size() >= kNone)
        return Error{ErrorCode::InvalidArgument, "routes", "too many"};
    RouteTable table;
    const auto add = [](const std::vector<std::string>& texts, std::size_t route,
                        std::vector<Zone>& zones) -> Result<void> {
        for (const std::string& text : texts) {
            const auto name = nameFromText(text);
            if (!name)
                return Error{ErrorCode::InvalidArgument, text, "not a domain name"};
            zones.push_back({*name, static_cast<std::uint8_t>(route)});
        }
        return {};
    };
    for (std::size_t i = 0; i < routes.size(); ++i) {
        if (routes[i].zones.empty() || routes[i].upstreams.empty())
            return Error{ErrorCode::InvalidArgument, "route",
                         "a route needs a zone and an upstream"};
        if (const auto added = add(routes[i].zones, i, table.m_zones); !added)
            return added.error();
        if (const auto added = add(routes[i].except, i, table.m_excepted); !added)
            return added.error();
    }
    std::stable_sort(
        table.m_zones.begin(), table.m_zones.end(),
        [](const Zone& left, const Zone& right) { return left.name.length > right.name.length; });
    return table;
}

bool RouteTable::claims(Bytes name) const {
    return findFrom(name, 2) != kNone;
}

std::uint8_t RouteTable::find(Bytes name) const {
    return findFrom(name, 1);
}

/// Zones with fewer octets do not count; the root has one.
std::uint8_t RouteTable::findFrom(Bytes name, std::size_t octets) const {
    for (const Zone& zone : m_zones) {
        if (zone.name.length < octets)
            break;
        if (!isAtOrBelow(name, zone.name.bytes()))
            continue;
        const bool excepted =
            std::any_of(m_excepted.begin(), m_excepted.end(), [&](const Zone& except) {
                return except.route == zone.route && isAtOrBelow(name, except.name.bytes());
            });
        if (!excepted)
            return zone.route;
    }
    return kNone;
}

} // namespace sotto::engine
