// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"
#include "engine/upstream_status.h"
#include "observe/sleep_mark.h"
#include "upstream/address_book.h"
#include "upstream/connect_race.h"
#include "upstream/dot_connection.h"
#include "upstream/health.h"
#include "upstream/health_probe.h"
#include "upstream/hedge.h"
#include "upstream/idle_limit.h"
#include "upstream/plain_server.h"
#include "upstream/session_store.h"
#include "wire/upstream_response.h"

#include <asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace sotto::engine {

/// One provider: its connections, its health, and what is told of it. Health is judged from real
/// traffic; no timer runs when nobody asks. Resolver thread only.
class Upstream : public DotConnection::Owner,
                 public PendingQuery::Holder,
                 public std::enable_shared_from_this<Upstream> {
public:
    /// Queries in flight on every open connection before another one is made.
    static constexpr std::size_t kBusy = 256;

    /// What all upstreams share; outlives them.
    struct Surroundings {
        asio::io_context& context;
        SessionStore& sessions;
        AddressBook::LookUp lookUp;                   ///< of a server's name
        std::function<void()> changed;                ///< a status changed
        std::function<void(std::size_t)> queriesSent; ///< for the counters
    };

    Upstream(Surroundings& surroundings, std::uint32_t id, UpstreamConfig config,
             const ForwardConfig& forward, std::shared_ptr<TlsContext> tls);
    ~Upstream();

    /// Asks on an open connection, or on one that is made for it. Where connecting failed a moment
    /// ago, the query hears that without another try.
    void ask(PendingQuery& query);
    void release(PendingQuery& query) override;

    enum class Silence {
        Slow,      ///< others are answered on its connection, or it waits for one
        Left,      ///< its connection is not used any more: it may be asked again on another
        Forgotten, ///< the same, and the upstream is not to blame: the network may have forgotten
                   ///< a connection that was idle
    };
    /// The query has had no answer for too long. Where nothing at all came on its connection since,
    /// the connection is not used for further queries.
    Silence noteSilence(const PendingQuery& query);
    /// Nothing at all came on its connection since the query was sent.
    bool isSilent(const PendingQuery& query) const;
    /// The same, and so is it for others on the same connection, or that was left already.
    bool looksHung(const PendingQuery& query) const;
    /// How long answers may take before something is wrong: that long, or longer where the server
    /// is far away.
    std::int64_t patienceMicros(std::chrono::milliseconds least) const;
    /// The answer could be used.
    void noteAnswer(const PendingQuery& query, const UpstreamResponse& response);
    /// It could not be used, or the connection ended before it.
    void noteBadAnswer(AttemptOutcome outcome, const std::string& reason);

    /// For people; nothing follows from it.
    void noteError(AttemptOutcome outcome, const std::string& reason);
    /// Nothing is held against it any more: it answered, be it to nobody's use, or the network
    /// changed.
    void forgetTrouble();

    /// Connects when there is no connection, so that the next query need not wait for it.
    void prepare();
    /// Asks what ForwardConfig::healthCheck says, where this is due; nobody waits for the answer.
    /// isUrgent: nobody else works, so that it is asked every second.
    void probeIfDue(bool isUrgent);
    /// Inactive, it makes no new connection: forwarding is off, or another provider was chosen.
    /// What is in flight may still be answered.
    void setActive(bool active);
    void setForward(const ForwardConfig& forward);
    /// Leaves the connections: the network changed or the machine is about to sleep. What is in
    /// flight on them may still be answered.
    void retireConnections();

    /// Down, or suspected to be: others are asked first.
    bool isFailing() const { return m_health.isDown() || m_health.isSuspect(); }
    bool isDown() const { return m_health.isDown(); }
    /// Of answers; before the first the time that the TCP handshake took.
    double smoothedRttMicros() const {
        return m_smoothedRtt != 0 ? m_smoothedRtt : m_facts.connectMicros;
    }
    double medianRttMicros() const { return m_medianRtt.micros(); }
    /// An open connection that a query would use now.
    bool hasUsableConnection() const { return !m_open.empty() || m_plain; }
    bool isConnecting() const { return m_race != nullptr || m_awaitsAddresses; }
    bool wasTried() const { return m_lastTry != 0; }
    /// Of its addresses, name and port: the same over restarts (ChoicePolicy).
    std::uint64_t identity() const { return m_identity; }

    const UpstreamConfig& config() const { return m_config; }
    std::uint32_t id() const { return m_id; }
    UpstreamStatus status() const;

    /// Ends everything; nobody hears of it.
    void close();

private:
    void connectionTakesEarlyData(DotConnection& connection, std::size_t octets) override;
    void connectionOpened(DotConnection&) override {}
    void connectionGotSession(DotConnection& connection, SSL_SESSION* session) override;
    void connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                          const std::string& reason) override;
    void connectionDistrusted(DotConnection& connection) override;
    void connectionIdle(DotConnection& connection) override;
    void queriesSent(std::size_t count) override;

    DotConnection* choose(std::int64_t now);
    bool isInUse(const DotConnection* connection) const;
    static bool isQuiet(const DotConnection& connection, std::int64_t now);
    void retireAll();
    void connectAfterPause();
    void leaveUnusable(std::int64_t now);
    void retire(std::size_t index);
    void leaveConnecting();
    void send(DotConnection& connection, PendingQuery& query, std::int64_t now);
    void addWaiting(PendingQuery& query);
    void refuseLater(PendingQuery& query);
    void connect();
    void lookUp();
    void addressesCame(const std::string& error, bool areOthers);
    void race(const std::vector<IpAddress>& addresses);
    std::shared_ptr<DotConnection> makeConnection(DotConnection::Owner& owner,
                                                  const IpAddress& address);
    TlsChannel::Options channelOptions(const IpAddress& address);
    void raceWon(std::shared_ptr<DotConnection> connection,
                 const std::vector<PendingQuery*>& early);
    std::vector<PendingQuery*> takeForOne(const std::vector<PendingQuery*>& early);
    void connectForWaiting();
    void raceLost(AttemptOutcome outcome, const std::string& reason);
    void ledNowhere(AttemptOutcome outcome, const std::string& reason);
    void connectFailed(AttemptOutcome outcome, const std::string& reason);
    void noteRejections(const TlsChannel::Facts& facts);
    void learn(const DotConnection& connection);

    Surroundings& m_surroundings;
    std::uint32_t m_id;
    UpstreamConfig m_config;
    ForwardConfig m_forward;
    std::shared_ptr<TlsContext> m_tls;
    SessionKey m_sessionKey{};
    std::uint64_t m_identity = 0;
    AddressBook m_addresses;
    std::unique_ptr<PlainServer> m_plain; ///< where it is spoken to in clear text
    std::shared_ptr<ConnectRace> m_race;
    bool m_awaitsAddresses = false; ///< there are none to try but those that lost
    AttemptOutcome m_lostOutcome = AttemptOutcome::Pending; ///< of those
    std::string m_lostReason;
    std::vector<std::shared_ptr<DotConnection>> m_open;
    std::vector<std::shared_ptr<DotConnection>> m_retired; ///< still have queries in flight
    std::vector<PendingQuery*> m_waiting;                  ///< for a connection
    std::vector<PendingQuery*> m_refused;                  ///< to be told so
    std::unique_ptr<HealthProbe> m_probe;
    asio::steady_timer m_pauseTimer; ///< while some wait for it
    bool m_active = true;
    SleepMark m_sleepMark;      ///< of when connecting began last
    std::int64_t m_lastTry = 0; ///< the same; 0: never

    Health m_health;
    IdleLimit m_idleLimit;
    double m_smoothedRtt = 0;
    RunningMedian m_medianRtt;

    TlsChannel::Facts m_facts; ///< of the last connection
    std::optional<IpAddress> m_address;
    std::string m_warning;
    std::uint64_t m_connections = 0;
    std::uint64_t m_resumed = 0;
    std::uint64_t m_queries = 0;
    std::uint64_t m_answers = 0;
    std::uint64_t m_failures = 0;
    std::string m_lastError;
    AttemptOutcome m_lastOutcome = AttemptOutcome::Pending;
    std::int64_t m_lastErrorUnix = 0;
};

} // namespace sotto::engine
