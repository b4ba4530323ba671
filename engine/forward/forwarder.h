// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_policy.h"
#include "cache/response_cache.h"
#include "forward/answer_delivery.h"
#include "forward/deadline_queue.h"
#include "forward/exchange.h"
#include "listen/client_query.h"
#include "listen/query_responder.h"
#include "observe/counters.h"
#include "observe/record_ring.h"
#include "observe/snapshot.h"
#include "upstream/upstream_groups.h"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace sotto::engine {

/// The miss path: takes questions over from the listeners, asks the upstreams once for those that
/// are the same, keeps the answer, and answers everybody who waits; with what is kept although it
/// has expired where the upstreams fail or are late, and this is wanted (RFC 8767). take() may be
/// called from any thread; all else belongs to the resolver thread.
class Forwarder : public MissSink, public Exchange::Client {
public:
    /// Different questions in flight, and clients that wait for one; beyond them SERVFAIL.
    static constexpr std::size_t kMaxInFlight = 8192;
    static constexpr std::size_t kMaxWaiting = 1024;
    /// Questions that may wait to be taken up; datagrams beyond them are dropped, as a full socket
    /// would drop them, and so are refreshes.
    static constexpr std::size_t kMaxInbox = 16384;
    /// Questions taken up before the resolver looks after its connections and timers again.
    static constexpr std::size_t kTakenAtOnce = 512;

    Forwarder(asio::io_context& context, ResponseCache& cache, UpstreamGroups& upstreams,
              const Snapshot<FrontSettings>& settings, Counters& counters, RecordRing& records);

    void take(std::vector<ClientQuery>& misses) override;

    void setCachePolicy(CachePolicy policy) { m_policy = std::move(policy); }
    /// Questions on their way at once, beyond which clients get REFUSED; 0: no such bound.
    void setMaxConcurrent(unsigned questions) { m_maxConcurrent = questions; }
    /// What is in flight is with upstreams that were left: its answers still reach those who wait,
    /// but are not kept, and nobody else joins them.
    void leaveInFlight();

    /// Takes nothing over any more. done runs when nothing is in flight, or after grace, when what
    /// is left has been answered with SERVFAIL.
    void stop(std::chrono::milliseconds grace, std::function<void()> done);

private:
    struct InFlight {
        std::shared_ptr<Exchange> exchange;
        std::vector<ClientQuery> waiting;
        std::uint64_t serial = 0;
        std::uint8_t route = RouteTable::kNone;
        std::unique_ptr<asio::steady_timer> staleTimer; ///< only where something stale is kept
        bool late = false;                              ///< it fired: stale answers are due
    };
    using Table = std::unordered_map<Question, InFlight, QuestionHash>;

    void takeInbox();
    void handle(ClientQuery query);
    void join(InFlight& inFlight, const Question& question, ClientQuery query);
    void refresh(const Question& question);
    InFlight& ask(const Question& question);
    void armStaleTimer(const Question& question, InFlight& inFlight);
    void upstreamsAreLate(const Question& question, std::uint64_t serial);
    bool answerFromCache(const ClientQuery& query, const Question& question,
                         ResponseCache::Use use);
    bool answerLocally(const ClientQuery& query, const Question& question);
    void attemptFailed() override { m_counters.upstreamFailures.add(); }
    void queryRaced() override { m_counters.racedQueries.add(); }
    void exchangeDone(Exchange& exchange, Exchange::Outcome& outcome) override;
    /// Gives true where what was kept before is the better answer.
    bool keep(const Question& question, const CacheVerdict& verdict,
              const Exchange::Outcome& outcome);
    void replyWith(const ClientQuery& query, const Exchange::Outcome& outcome, AnswerStory story);

    asio::io_context& m_context;
    ResponseCache& m_cache;
    UpstreamGroups& m_upstreams;
    DeadlineQueue m_deadlines;
    Snapshot<FrontSettings>::Reader m_settings;
    Counters& m_counters;
    AnswerDelivery m_delivery;
    CachePolicy m_policy;
    unsigned m_maxConcurrent = 0;
    Table m_inFlight;
    std::unordered_map<std::uint64_t, InFlight> m_left; ///< in flight with left upstreams
    std::uint64_t m_lastSerial = 0;
    std::function<void()> m_stopped;
    asio::steady_timer m_stopTimer;
    bool m_stopping = false;

    std::mutex m_inboxMutex;
    std::deque<ClientQuery> m_inbox; ///< under the mutex
};

} // namespace sotto::engine
