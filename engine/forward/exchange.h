// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/query_record.h"
#include "forward/deadline_queue.h"
#include "upstream/upstream_set.h"
#include "wire/question.h"
#include "wire/upstream_response.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::engine {

/// One question asked of the upstreams until one gives a usable answer or the time is over: the
/// next upstream is tried at once where one fails, and beside the first where that one is late;
/// the first usable answer wins, one that tells of a failure only where there is no other; how long
/// is waited says upstream/patience.h. Resolver thread only. Ends exactly once.
class Exchange : public DeadlineQueue::Waiter, public std::enable_shared_from_this<Exchange> {
public:
    /// Messages sent for one question, retries included (RFC 9520 §3.1).
    static constexpr unsigned kMaxSent = 4;
    /// The same with those that were lost on a connection that answered others meanwhile: there are
    /// servers that close after each answer or few.
    static constexpr unsigned kMaxSentWithLosses = 10;
    /// Tries in all, those that were turned away included.
    static constexpr std::size_t kMaxTries = 32;
    /// Lost so often with its connection, the question gets one of its own: perhaps another one is
    /// what ends them.
    static constexpr unsigned kLossesTogether = 2;

    struct Outcome {
        bool answered = false;
        UpstreamResponse response;
        std::uint32_t upstreamId = 0;
        bool sent = false;      ///< some upstream was asked at all
        bool allDown = false;   ///< none was even tried
        std::string lastReason; ///< why the last attempt failed
        /// How upstreams were tried; the first kMaxAttempts of attemptCount.
        std::uint8_t attemptCount = 0;
        std::array<UpstreamAttempt, QueryRecord::kMaxAttempts> attempts;
    };

    class Client {
    public:
        virtual ~Client() = default;
        /// An attempt gave no usable answer.
        virtual void attemptFailed() = 0;
        /// A second query left because the first was late (Policy::Race).
        virtual void queryRaced() = 0;
        /// It is over. The exchange may be released.
        virtual void exchangeDone(Exchange& exchange, Outcome& outcome) = 0;
    };

    /// serial is the client's own.
    Exchange(DeadlineQueue& deadlines, std::shared_ptr<UpstreamSet> upstreams,
             const Question& question, std::uint64_t serial, Client& client);
    ~Exchange();

    void start();
    /// Ends without an answer.
    void giveUp();

    const Question& question() const { return m_question; }
    std::uint64_t serial() const { return m_serial; }

private:
    struct Attempt : PendingQuery {
        Attempt(Exchange& owner, Upstream& asked)
            : PendingQuery(owner.m_question)
            , exchange(owner)
            , upstream(asked) {}
        void replied(const UpstreamReply& reply) override;
        bool mayResend() override { return exchange.mayResend(*this); }
        bool sent() const { return way.sentAt != 0; }

        Exchange& exchange;
        Upstream& upstream;
        bool over = false;
        bool excused = false;     ///< lost, while the connection answered others
        bool silenceTold = false; ///< its upstream knows, and may be asked again for it
        bool madeConnection = false;
        bool raced = false;
        AttemptOutcome outcome = AttemptOutcome::Pending;
        std::uint8_t rcode = 0;
        std::int64_t endedAt = 0;
    };
    /// What the deadline under way is for.
    enum class Wait : std::uint8_t { Nothing, Hedge, Hung, Silent, Late };

    void deadlineReached(std::int64_t now) override;
    bool tryNext(std::int64_t now, bool raced = false);
    void askAgain(Upstream& upstream);
    Attempt& ask(Upstream& upstream);
    void watch(Attempt& attempt, std::int64_t now);
    void replied(Attempt& attempt, const UpstreamReply& reply);
    bool takeAnswer(Attempt& attempt, Bytes message);
    bool isServerFailure() const;
    bool keepsForLater(const Attempt& attempt);
    void judgeFailures();
    bool mayTryNext(unsigned kept = 0);
    bool mayResend(const Attempt& attempt);
    Upstream* nextUpstream();
    void waitOn(Wait stage, std::int64_t duration);
    void watchOn(std::int64_t now);
    void watchAnother(std::int64_t now);
    void watchedIsLate(std::int64_t now);
    void setDeadline();
    void trace(std::int64_t now);
    void finish();
    template <class Visitor>
    void visitAttempts(Visitor visitor);

    DeadlineQueue& m_deadlines;
    std::shared_ptr<UpstreamSet> m_upstreams;
    const ForwardConfig& m_forward;
    UpstreamSet::Order m_order;
    Question m_question;
    std::uint64_t m_serial;
    Client* m_client;               ///< null once ended
    std::uint8_t m_next = 0;        ///< in m_order
    std::vector<Upstream*> m_again; ///< to be asked once more, behind the others
    std::optional<Attempt> m_first;
    std::vector<std::unique_ptr<Attempt>> m_more;
    Attempt* m_watched = nullptr; ///< whose lateness starts another
    Wait m_wait = Wait::Nothing;
    unsigned m_losses = 0;  ///< attempts that were lost with their connection
    unsigned m_waiting = 0; ///< attempts that are not over
    std::int64_t m_started = 0;
    std::int64_t m_nextEvent = 0; ///< 0: only the end
    Outcome m_outcome;
    /// An answer like SERVFAIL or REFUSED, which counts only where nobody gives a better one.
    std::optional<std::pair<UpstreamResponse, std::uint32_t>> m_lesserAnswer;
};

} // namespace sotto::engine
