// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_status.h"
#include "upstream/dot_connection.h"

#include <asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace sotto::engine {

/// One upstream server: its connection, its health, and what is told of it. Health is judged from
/// real traffic alone; no timer runs when nobody asks. Resolver thread only.
class Upstream : public DotConnection::Owner, public std::enable_shared_from_this<Upstream> {
public:
    struct Hooks {
        std::function<void()> changed;                  ///< the status changed
        std::function<void(std::uint64_t)> queriesSent; ///< for the counters
    };

    Upstream(asio::io_context& context, std::uint32_t id, UpstreamConfig config,
             std::shared_ptr<TlsContext> tls, Hooks hooks);
    ~Upstream() override;

    /// One query under way; lets it be given up.
    struct Attempt {
        std::weak_ptr<DotConnection> connection;
        std::uint16_t id = 0;
        std::int64_t startedMicros = 0;
        bool freshConnection = false; ///< it waits, or waited, for a handshake
    };

    /// Sends a query on the open connection, or on a new one. The handler runs exactly once unless
    /// the attempt is given up; never from within ask(). Where connecting failed a moment ago, the
    /// handler hears that without another try.
    Attempt ask(const Question& question, ReplyHandler handler);
    void giveUp(const Attempt& attempt);

    /// The attempt has had no answer for too long. Where nothing at all came on its connection
    /// since, the connection is not used for further queries.
    void noteSilence(const Attempt& attempt);
    /// The answer to the attempt could be used; took is from ask() on.
    void noteAnswer(const Attempt& attempt);
    /// It could not be used.
    void noteBadAnswer(const std::string& reason);

    /// Connects when there is no connection, so that the next query need not wait for it.
    void prepare();
    /// Inactive, it makes no new connection: forwarding is off, or another provider was chosen.
    /// What is in flight may still be answered.
    void setActive(bool active) { m_active = active; }
    /// Leaves the connection: the network changed or the machine is about to sleep. What is in
    /// flight on it may still be answered.
    void retireConnection();

    bool isFailing() const { return m_connectFailures > 0 || m_silent; }
    /// A failing upstream is due for another try beside one that works.
    bool isDueForProbe(std::int64_t nowMicros) const;
    /// Smoothed round-trip time; 0 before the first answer.
    double smoothedRttMicros() const { return m_smoothedRtt; }
    /// An open connection that a query would use now.
    bool hasUsableConnection() const;
    bool isConnecting() const { return m_connection && !m_connection->isOpen(); }
    bool wasTried() const { return m_lastTry != 0; }
    /// Nothing came on the connection lately, so that its peer may be gone unnoticed.
    bool isQuiet(std::int64_t nowMicros) const;

    const UpstreamConfig& config() const { return m_config; }
    std::uint32_t id() const { return m_id; }
    UpstreamStatus status() const;

    /// Closes everything; handlers do not run any more.
    void close();

private:
    void connectionOpened(DotConnection& connection) override;
    void connectionClosed(DotConnection& connection, const std::string& reason) override;
    void connectionIdle(DotConnection& connection) override;
    void querySent(std::int64_t count) override;

    void connect();
    bool mayConnect(std::int64_t nowMicros) const;
    bool isStale(std::int64_t nowMicros) const;
    void backOff();
    void noteError(const std::string& reason);

    asio::io_context& m_context;
    std::uint32_t m_id;
    UpstreamConfig m_config;
    std::shared_ptr<TlsContext> m_tls;
    Hooks m_hooks;
    std::shared_ptr<DotConnection> m_connection;
    std::vector<std::shared_ptr<DotConnection>> m_retired; ///< still have queries in flight
    bool m_active = true;
    std::int64_t m_sleepOffset = 0; ///< boot clock minus monotonic clock when last connected

    unsigned m_connectFailures = 0; ///< in a row
    bool m_silent = false;          ///< connects, but the last queries got no answer
    std::int64_t m_backoff = 0;     ///< how long the wait under way is; 0 while all is well
    std::int64_t m_nextTry = 0;     ///< monotonic; while failing
    std::int64_t m_lastTry = 0;     ///< when connecting began
    double m_smoothedRtt = 0;
    std::string m_tlsVersion;
    std::string m_cipher;
    std::uint64_t m_queries = 0;
    std::uint64_t m_answers = 0;
    std::uint64_t m_failures = 0;
    std::string m_lastError;
    std::int64_t m_lastErrorUnix = 0;
};

} // namespace sotto::engine
