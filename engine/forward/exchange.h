// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/upstream_set.h"
#include "wire/question.h"
#include "wire/upstream_response.h"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::engine {

/// One question asked of the upstreams until one gives a usable answer or the time is over: the
/// next upstream is tried at once where one fails, and beside the first where that one is late;
/// the first usable answer wins, one that tells of a failure only where there is no other. Resolver
/// thread only. Ends exactly once.
class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    /// Messages sent for one question, retries and probes included (RFC 9520 §3.1).
    static constexpr unsigned kMaxSent = 4;
    /// The same with those that were lost on a connection that answered others meanwhile: there are
    /// servers that close after each answer or few.
    static constexpr unsigned kMaxSentWithLosses = 10;
    /// Without an answer for this long another upstream is tried as well: soon enough to answer
    /// within two seconds all the same.
    static constexpr std::chrono::milliseconds kReadTimeout{1800};
    /// The same while there is no connection yet, or where nothing came on it for a while.
    static constexpr std::chrono::milliseconds kConnectPatience{600};
    static constexpr std::chrono::milliseconds kQuietPatience{1000};
    /// Stub resolvers give up after 5 s. Where nothing could even be sent, the end comes earlier.
    static constexpr std::chrono::milliseconds kDeadline{4800};
    static constexpr std::chrono::milliseconds kUnsentDeadline{3800};

    struct Outcome {
        bool answered = false;
        UpstreamResponse response;
        std::uint32_t upstreamId = 0;
        bool sent = false;      ///< some upstream was asked at all
        std::string lastReason; ///< why the last attempt failed
    };
    using Done = std::function<void(Outcome&)>;

    /// failed is called for each attempt that gave no usable answer.
    Exchange(asio::io_context& context, UpstreamSet& upstreams, const Question& question,
             std::function<void()> failed, Done done);

    void start();
    /// Ends without an answer.
    void giveUp();

private:
    struct Attempt {
        std::shared_ptr<Upstream> upstream;
        Upstream::Attempt handle;
        bool over = false;
        bool sent = false;    ///< once over: the query had left
        bool excused = false; ///< lost, while the connection answered others
    };

    void tryNext();
    void ask(const std::shared_ptr<Upstream>& upstream);
    void replied(std::size_t attempt, const UpstreamReply& reply);
    bool mayTryNext() const;
    bool anySent() const;
    void timerFired();
    void watchedIsLate(std::int64_t now);
    void armTimer();
    void finish();
    bool takeLesserAnswer(const Upstream& upstream);

    asio::steady_timer m_timer;
    UpstreamSet& m_upstreams;
    Question m_question;
    std::function<void()> m_failed;
    Done m_done; ///< empty once ended
    asio::io_context& m_context;
    std::vector<std::shared_ptr<Upstream>> m_candidates;
    std::size_t m_next = 0;
    std::vector<Attempt> m_attempts;
    std::size_t m_waiting = 0; ///< attempts that are not over
    std::int64_t m_started = 0;
    std::size_t m_watched = 0; ///< the attempt whose lateness starts another
    std::int64_t m_lateAt = 0; ///< when it counts as late; 0: it does already
    Outcome m_outcome;
    /// An answer like SERVFAIL or REFUSED, which counts only where nobody gives a better one.
    std::optional<std::pair<UpstreamResponse, std::uint32_t>> m_lesserAnswer;
};

} // namespace sotto::engine
