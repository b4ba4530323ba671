// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/dot_connection.h"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::engine {

/// Connects to the first address of a server that shakes hands: to the next one after a while, or
/// at once where one fails (Happy Eyeballs, RFC 8305 §5). Resolver thread only. Ends with won() or
/// lost(), once, or with close().
class ConnectRace : public DotConnection::Owner, public std::enable_shared_from_this<ConnectRace> {
public:
    /// RFC 8305 §5, Connection Attempt Delay.
    static constexpr std::chrono::milliseconds kAttemptDelay{250};
    /// Between attempts at addresses that were all tried before.
    static constexpr std::chrono::milliseconds kInsistDelay{150};
    /// Connections under way at once.
    static constexpr std::size_t kMaxAttempts = 20;

    struct Hooks {
        /// Makes a connection to the address, and opens it.
        std::function<std::shared_ptr<DotConnection>(DotConnection::Owner&, const IpAddress&)> make;
        std::function<void(DotConnection&, std::size_t)> takesEarlyData;
        std::function<void(DotConnection&, SSL_SESSION*)> gotSession;
        std::function<void(const DotConnection&)> attemptFailed;
        /// With the queries that had been given to another one as early data.
        std::function<void(std::shared_ptr<DotConnection>, std::vector<PendingQuery*>)> won;
        std::function<void(AttemptOutcome, const std::string&)> lost;
        std::function<void(std::size_t)> queriesSent;
        std::function<bool()> isWanted; ///< somebody waits for the connection
    };

    /// Addresses in the order to try. insists: where all are tried and none has failed or answered,
    /// they are tried anew while somebody waits, for the network may be back and know nothing of
    /// our old packets; but not beside a handshake that began a moment ago.
    ConnectRace(asio::io_context& context, std::vector<IpAddress> addresses, bool insists,
                Hooks hooks);

    void start();
    /// These are tried as well, the first of them at once; those that are known already are not.
    void add(const std::vector<IpAddress>& addresses);
    /// Somebody waits (again).
    void insist();
    /// Gives back what was sent early.
    std::vector<PendingQuery*> close();

private:
    void connectionTakesEarlyData(DotConnection& connection, std::size_t octets) override;
    void connectionOpened(DotConnection& connection) override;
    void connectionGotSession(DotConnection& connection, SSL_SESSION* session) override;
    void connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                          const std::string& reason) override;
    void connectionDistrusted(DotConnection&) override {}
    void connectionIdle(DotConnection&) override {}
    void queriesSent(std::size_t count) override;

    void tryNext();
    void armTimer();
    bool isWanted() const;
    bool shakesHands() const;

    asio::steady_timer m_timer;
    std::vector<IpAddress> m_addresses;
    bool m_insists;
    Hooks m_hooks;
    std::size_t m_next = 0;
    std::vector<std::shared_ptr<DotConnection>> m_attempts;
    AttemptOutcome m_outcome = AttemptOutcome::Pending; ///< the most telling failure so far
    std::string m_reason;
    bool m_over = false;
    bool m_armed = false;
};

} // namespace sotto::engine
