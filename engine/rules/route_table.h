// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "engine/result.h"
#include "wire/wire_name.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::engine {

/// Which names go to upstreams of their own. Immutable and pure.
class RouteTable {
public:
    static constexpr std::uint8_t kNone = 0xff;

    /// An error where a zone is no domain name, or a route has none.
    static Result<RouteTable> make(const std::vector<Route>& routes);

    bool empty() const { return m_zones.empty(); }
    /// The index of the route with the longest zone that the folded name is at or below, the first
    /// of several, unless that route excepts it; then that with the next longest. kNone: no route.
    std::uint8_t find(Bytes name) const;
    /// Whether a route is meant for the name in particular, so that it is asked there though it is
    /// a special one; a route for all names is not.
    bool claims(Bytes name) const;

private:
    struct Zone {
        WireName name;
        std::uint8_t route = 0;
    };

    std::uint8_t findFrom(Bytes name, std::size_t octets) const;

    std::vector<Zone> m_zones; ///< the longest first
    std::vector<Zone> m_excepted;
};

} // namespace sotto::engine
