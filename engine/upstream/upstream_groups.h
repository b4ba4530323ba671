// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "rules/route_table.h"
#include "upstream/name_look_up.h"
#include "upstream/session_store.h"
#include "upstream/upstream_set.h"

#include <asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::engine {

/// All upstreams in force: those of the routes, and those for all other names. Resolver thread
/// only, but for makeContexts().
class UpstreamGroups {
public:
    struct Hooks {
        std::function<void()> changed;                ///< a status changed
        std::function<void(std::size_t)> queriesSent; ///< for the counters
    };
    UpstreamGroups(asio::io_context& context, Hooks hooks);

    /// TLS settings for each upstream, made, and what is configured checked, before anything
    /// changes. Upstreams with the same authorities and client certificate share them.
    using TlsContexts = std::vector<std::pair<UpstreamConfig, std::shared_ptr<TlsContext>>>;
    static Result<TlsContexts> makeContexts(const EngineConfig& config);

    /// Puts these upstreams in force. Those that were there before keep connections and health.
    void set(const EngineConfig& config, std::shared_ptr<const RouteTable> routes,
             TlsContexts contexts);

    /// Those that are asked for the name; route gets the index, or RouteTable::kNone.
    const std::shared_ptr<UpstreamSet>& groupFor(Bytes name, std::uint8_t& route);

    /// Connects to the first few, so that the first query need not wait; where they all fail, to
    /// the others, so that it is known whether anybody can be reached.
    void prepare();
    /// Whether upstreams may be connected to at all.
    void setActive(bool active);
    void retireConnections();
    void close();

    std::vector<UpstreamStatus> status() const;
    SessionStore& sessions() { return m_sessions; }
    Upstream::Surroundings& surroundings() { return m_surroundings; }

private:
    void goOnPreparing();
    void lookUp(const std::string& name, std::uint32_t forUpstream, AddressBook::Handler handler);
    template <class Visitor>
    void visit(Visitor visitor) const;

    asio::io_context& m_context;
    Hooks m_hooks;
    SessionStore m_sessions;
    Upstream::Surroundings m_surroundings;
    bool m_preparing = false; ///< until one connects or all were tried
    bool m_active = true;
    ForwardConfig m_forward;
    std::shared_ptr<const RouteTable> m_routes;
    /// A query that is under way keeps the set that it was begun with.
    std::shared_ptr<UpstreamSet> m_main;
    std::vector<std::shared_ptr<UpstreamSet>> m_ofRoutes;
    std::vector<std::shared_ptr<NameLookUp>> m_lookUps;
    std::uint32_t m_nextId = 1;
};

} // namespace sotto::engine
