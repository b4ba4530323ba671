// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_observations.h"
#include "server_script.h"
#include "throwaway_ca.h"
#include "zone_set.h"

#include <array>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace sotto::test {

/// Answers in place of the zones: octets to send as one message (empty: never answer), or nothing
/// where script and zones shall answer. Runs on the server's thread.
using Responder = std::function<std::optional<Bytes>(const SeenQuery&)>;

/// What a server's thread and its owner share: how to serve, and what was seen. Every member may be
/// called from any thread.
class ServerState {
public:
    ServerState(Identity identity, ZoneSet zones, bool keepsRecords);

    void setIdentity(Identity identity);
    void setZones(ZoneSet zones);
    void setScript(ServerScript script);
    void setResponder(Responder responder);

    Identity identity() const;
    std::shared_ptr<const ZoneSet> zones() const;
    std::shared_ptr<const ServerScript> script() const;
    Responder responder() const;
    /// The behaviour for one query; counts it against Behaviour::times.
    Behaviour takeBehaviour(const Name& name);
    /// Kept while certificates change, so that old sessions can be resumed.
    std::array<unsigned char, 80> ticketKeys() const;
    /// Nothing that was given out before can be resumed any more.
    void changeTicketKeys();
    /// Whether a ticket was offered before; remembers it.
    bool noteTicket(const std::string& ticket);

    /// Gives the connection its number.
    std::uint64_t noteAccepted(SeenConnection connection);
    void noteConnection(std::uint64_t id, const std::function<void(SeenConnection&)>& change);
    void noteQuery(const SeenQuery& query);
    Observations snapshot() const;
    void forget();
    bool waitFor(const std::function<bool(const Observations&)>& predicate,
                 std::chrono::milliseconds timeout) const;

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    const bool m_keepsRecords;
    Identity m_identity;
    std::shared_ptr<const ZoneSet> m_zones;
    std::shared_ptr<const ServerScript> m_script = std::make_shared<ServerScript>();
    std::map<std::string, unsigned> m_uses; ///< by name key; "" for the general behaviour
    Responder m_responder;
    std::array<unsigned char, 80> m_ticketKeys{};
    std::set<std::string> m_tickets; ///< that were offered
    std::uint64_t m_lastConnection = 0;
    Observations m_seen;
};

} // namespace sotto::test
