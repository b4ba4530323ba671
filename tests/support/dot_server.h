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

/// A DNS-over-TLS server (RFC 7858) inside the test's own process that answers from zones and can
/// be told to misbehave. Its sockets live on a thread of its own; every member may be called from
/// any one thread at a time, also while it serves. Knows nothing of the engine it judges.
class DotServer {
public:
    struct Options {
        std::string address = "127.0.0.1"; ///< or "::1"
        std::uint16_t port = 0;            ///< 0: a free one, which a restart keeps
        bool keepsRecords = true;          ///< false for a server that runs for long
    };

    DotServer(Identity identity, ZoneSet zones);
    DotServer(Identity identity, ZoneSet zones, Options options);
    /// Stops as stop() does.
    ~DotServer();
    DotServer(const DotServer&) = delete;
    DotServer& operator=(const DotServer&) = delete;

    /// Listens from then on. Where it cannot, error (if given) says why.
    [[nodiscard]] bool start(std::string* error = nullptr);
    /// Closes the port and every connection, as a process that ends. Idempotent; start() opens the
    /// same port again.
    void stop();
    /// Valid once start() succeeded, also after stop().
    std::uint16_t port() const;

    /// These take effect for the next query, the certificate and what concerns TLS or accepting for
    /// the next connection.
    void setScript(ServerScript script);
    void setIdentity(Identity identity);
    void setZones(ZoneSet zones);
    void setResponder(Responder responder);

    /// Ends every open connection now.
    void endConnections(Behaviour::Ending ending);

    Observations observations() const;
    /// Forgets queries and closed connections.
    void forgetObservations();
    /// Waits until the predicate holds; false where it does not within the time.
    [[nodiscard]] bool waitFor(const std::function<bool(const Observations&)>& predicate,
                               std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

private:
    class Loop;
    std::shared_ptr<ServerState> m_state;
    Options m_options;
    std::unique_ptr<Loop> m_loop;
};

} // namespace sotto::test
