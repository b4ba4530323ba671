// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/tls_channel.h"
#include "wire/question.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sotto::engine {

/// How an attempt to get an answer from an upstream ended.
struct UpstreamReply {
    enum class Kind {
        Answer,       ///< message is the answer to our ID; its content is unchecked
        NotConnected, ///< no authenticated connection came about; nothing was sent
        Lost,         ///< the connection ended before the answer; the query may have left on it
    };
    Kind kind = Kind::NotConnected;
    Bytes message;      ///< valid during the call only
    std::string reason; ///< for people, where there is no answer
};
using ReplyHandler = std::function<void(const UpstreamReply&)>;

/// One DNS-over-TLS connection (RFC 7858) with many queries in flight (RFC 7766 §6.2.1.1). Queries
/// given before it is open wait; those that are ready together leave together. Resolver thread
/// only. Each handler runs at most once: never again after abandon() or close().
class DotConnection : public TlsChannel::Events,
                      public std::enable_shared_from_this<DotConnection> {
public:
    /// Queries that may be in flight, unanswered ones that nobody wants any more included; then the
    /// connection is full.
    static constexpr std::size_t kMaxInFlight = 16384;

    class Owner {
    public:
        virtual ~Owner() = default;
        virtual void connectionOpened(DotConnection& connection) = 0;
        /// It has ended; the handlers of what was in flight (isIdle() tells) run right after this
        /// call. The connection may be released.
        virtual void connectionClosed(DotConnection& connection, const std::string& reason) = 0;
        /// Nobody waits for anything on it any more.
        virtual void connectionIdle(DotConnection& connection) = 0;
        virtual void querySent(std::int64_t count) = 0;
    };

    DotConnection(asio::io_context& context, Owner& owner);

    void open(const UpstreamConfig& upstream, std::shared_ptr<TlsContext> tls);

    /// Sends a query under a random ID of its own, which is returned.
    std::uint16_t send(const Question& question, ReplyHandler handler);
    /// The handler is no longer wanted; the ID stays taken until its answer or the end.
    void abandon(std::uint16_t id);
    /// Ends the connection without telling the owner; handlers do not run.
    void close();

    bool isOpen() const { return m_open; }
    bool isFull() const { return m_queries.size() >= kMaxInFlight; }
    bool isIdle() const { return m_wanted == 0; }
    /// Monotonic microseconds; 0: never.
    std::int64_t openedAt() const { return m_openedAt; }
    std::int64_t lastReceived() const { return m_lastReceived; }
    std::int64_t lastAnswered() const { return m_lastAnswered; }
    std::int64_t lastUsed() const { return m_lastUsed; }
    const TlsChannel& channel() const { return *m_channel; }

private:
    struct PendingQuery {
        ReplyHandler handler; ///< empty: abandoned
        bool sent = false;
    };

    void channelOpened() override;
    void channelReceived(Bytes bytes) override;
    void channelClosed(const std::string& reason) override;

    std::uint16_t freeId() const;
    void scheduleFlush();
    void flush();
    bool deliver(Bytes message);

    asio::io_context& m_context;
    Owner* m_owner; ///< null once closed
    std::shared_ptr<TlsChannel> m_channel;
    std::unordered_map<std::uint16_t, PendingQuery> m_queries;
    std::vector<std::uint8_t> m_unsent; ///< framed queries
    std::vector<std::uint16_t> m_unsentIds;
    std::vector<std::uint8_t> m_input;
    std::size_t m_wanted = 0; ///< queries with a handler
    unsigned m_strangers = 0; ///< messages that answered nothing
    std::int64_t m_openedAt = 0;
    std::int64_t m_lastReceived = 0;
    std::int64_t m_lastAnswered = 0;
    std::int64_t m_lastUsed = 0;
    bool m_open = false;
    bool m_flushScheduled = false;
};

} // namespace sotto::engine
