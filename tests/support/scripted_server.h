// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_observations.h"
#include "server_script.h"
#include "server_state.h"
#include "throwaway_ca.h"
#include "zone_set.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sotto::test {

class ServerLoop;

/// A DNS server inside the test's own process that answers from zones and can be told to misbehave.
/// Its sockets live on a thread of its own; every member may be called from any one thread at a
/// time, also while it serves. Knows nothing of the engine it judges.
class ScriptedServer {
public:
    struct Options {
        std::string address = "127.0.0.1"; ///< or another of this machine, such as "::1"
        std::uint16_t port = 0;            ///< 0: a free one, which a restart keeps
        bool keepsRecords = true;          ///< false for a server that runs for long
        bool fastOpen = false;             ///< takes data with the SYN (RFC 7413)
    };

    /// Stops as stop() does.
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    /// Listens from then on. Where it cannot, error (if given) says why.
    [[nodiscard]] bool start(std::string* error = nullptr);
    /// Closes the port and every connection, as a process that ends. Idempotent; start() opens the
    /// same port again.
    void stop();
    /// Valid once start() succeeded, also after stop().
    std::uint16_t port() const;

    /// These take effect for the next query, what concerns TLS or accepting for the next
    /// connection.
    void setScript(ServerScript script);
    void setZones(ZoneSet zones);
    void setResponder(Responder responder);

    /// Ends every open connection now. Not while it hangs.
    void endConnections(Behaviour::Ending ending);
    /// Refuses new connections, and takes them again (false where the port is gone); those that are
    /// open stay. Not while it hangs.
    void stopListening();
    [[nodiscard]] bool listenAgain();

    enum class NewConnections {
        Queue, ///< the system shakes hands, and nothing follows
        Drop,  ///< their SYN is not answered
    };
    /// Stands still from when it returns until wake(), as a process that hangs: nothing is read or
    /// answered, and no connection ends.
    void hang(NewConnections fresh = NewConnections::Queue);
    void wake();

    Observations observations() const;
    /// Forgets queries and closed connections.
    void forgetObservations();
    /// Waits until the predicate holds; false where it does not within the time.
    [[nodiscard]] bool waitFor(const std::function<bool(const Observations&)>& predicate,
                               std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

protected:
    ScriptedServer(Identity identity, ZoneSet zones, Options options, bool encrypted);
    ServerState& state() { return *m_state; }

private:
    std::shared_ptr<ServerState> m_state;
    Options m_options;
    const bool m_encrypted;
    std::unique_ptr<ServerLoop> m_loop;
};

} // namespace sotto::test
