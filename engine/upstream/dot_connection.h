// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/sleep_mark.h"
#include "upstream/id_table.h"
#include "upstream/pending_query.h"
#include "upstream/tls_channel.h"
#include "wire/upstream_query.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sotto::engine {

/// One DNS-over-TLS connection (RFC 7858) with many queries in flight (RFC 7766 §6.2.1.1). Those
/// that are ready within one turn of the event loop leave in one TLS record. Resolver thread only.
class DotConnection : public TlsChannel::Events,
                      public PendingQuery::Holder,
                      public std::enable_shared_from_this<DotConnection> {
public:
    /// Queries that may be in flight, unanswered ones that nobody wants any more included; then the
    /// connection is full.
    static constexpr std::size_t kMaxInFlight = 16384;
    /// How long other queries may still be answered on a connection that is not trusted any more,
    /// so that one broken name harms no other; and so much of what answers nothing ends it at once.
    static constexpr std::chrono::milliseconds kDistrustGrace{250};
    static constexpr unsigned kMaxStrangers = 16;

    class Owner {
    public:
        virtual ~Owner() = default;
        /// May send() queries that will leave with the first flight, so many octets at the most.
        virtual void connectionTakesEarlyData(DotConnection& connection, std::size_t octets) = 0;
        virtual void connectionOpened(DotConnection& connection) = 0;
        virtual void connectionGotSession(DotConnection& connection, SSL_SESSION* session) = 0;
        /// It has ended; what was in flight (isIdle() tells) hears of it right after this call. The
        /// connection may be released.
        virtual void connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                                      const std::string& reason) = 0;
        /// The server sent what answers no query of ours, so that it is not to get any more. It
        /// ends soon; until then queries may still be answered.
        virtual void connectionDistrusted(DotConnection& connection) = 0;
        /// Nobody waits for anything on it any more.
        virtual void connectionIdle(DotConnection& connection) = 0;
        virtual void queriesSent(std::size_t count) = 0;
    };

    DotConnection(asio::io_context& context, Owner& owner, UpstreamQueryOptions queryOptions);

    void open(const Endpoint& endpoint, const UpstreamConfig& upstream,
              std::shared_ptr<TlsContext> tls, TlsChannel::Options options);

    /// Sends a query under a random ID of its own; on an open connection, or early (see Owner).
    void send(PendingQuery& query);
    void release(PendingQuery& query) override;
    /// Gives all queries back that are not answered yet; none is pending then.
    std::vector<PendingQuery*> takeBack();
    /// From then on somebody else is told of what happens.
    void setOwner(Owner& owner) { m_owner = &owner; }
    /// Ends the connection without telling the owner or the queries.
    void close();

    bool isOpen() const { return m_open; }
    bool isFull() const { return m_queries.size() >= kMaxInFlight; }
    bool isIdle() const { return m_wanted == 0; }
    std::size_t inFlight() const { return m_wanted; }
    /// Whether queries for so many different names are in flight.
    bool hasNamesInFlight(std::size_t count) const;
    /// Monotonic microseconds; 0: never.
    std::int64_t openedAt() const { return m_openedAt; }
    std::int64_t lastReceived() const { return m_lastReceived; }
    std::int64_t lastAnswered() const { return m_lastAnswered; }
    /// When something last went one way or the other.
    std::int64_t lastActive() const;
    /// The computer has slept since it was opened. Times as of SleepMark.
    bool hasSlept(std::int64_t boot, std::int64_t monotonic) const {
        return m_open && m_sleepMark.hasSlept(boot, monotonic);
    }
    const TlsChannel& channel() const { return *m_channel; }

private:
    Bytes channelEarlyData(std::size_t limit) override;
    void channelOpened(bool earlyDataAccepted) override;
    void channelReceived(Bytes bytes) override;
    void channelSession(SSL_SESSION* session) override;
    void channelClosed(AttemptOutcome outcome, const std::string& reason) override;

    std::uint16_t freeId();
    void scheduleFlush();
    void flush();
    void markSent(ConnectionUse use);
    std::size_t takeMessages(Bytes bytes);
    void deliver(Bytes message);
    void distrust();
    void end();

    asio::io_context& m_context;
    Owner* m_owner; ///< null once closed
    UpstreamQueryOptions m_queryOptions;
    std::shared_ptr<TlsChannel> m_channel;
    IdTable m_queries;
    std::vector<std::uint8_t> m_unsent; ///< framed queries
    std::vector<std::uint16_t> m_unsentIds;
    std::vector<std::uint8_t> m_input; ///< the beginning of a message
    std::size_t m_wanted = 0;          ///< queries that are not given up
    std::int64_t m_openedAt = 0;
    SleepMark m_sleepMark; ///< of then
    std::int64_t m_lastReceived = 0;
    std::int64_t m_lastAnswered = 0;
    std::int64_t m_lastSent = 0;
    unsigned m_strangers = 0; ///< messages that answered nothing
    asio::steady_timer m_graceTimer;
    bool m_open = false;
    bool m_flushed = false; ///< queries have left since it is open
    bool m_flushScheduled = false;
};

} // namespace sotto::engine
