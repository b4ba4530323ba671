// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_attempt.h"
#include "wire/question.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::engine {

/// What came of a query that an upstream was asked. Valid during the call only.
struct UpstreamReply {
    enum class Kind {
        Answer,  ///< message has our ID; all else of it is unchecked
        NotSent, ///< no authenticated connection came about
        Lost,    ///< the connection ended before the answer; the query may have left on it
    };
    Kind kind = Kind::NotSent;
    Bytes message;
    AttemptOutcome outcome = AttemptOutcome::Pending; ///< where there is no answer, why
    std::string_view reason;                          ///< the same for people
};

/// One question that one upstream is asked, owned by whoever asks it. While it is pending it must
/// stay where it is; its end cancels it. Resolver thread only.
class PendingQuery {
public:
    /// The upstream, or its connection, that holds the query at present.
    class Holder {
    public:
        virtual void release(PendingQuery& query) = 0;

    protected:
        ~Holder() = default;
    };

    /// The question must outlive the query.
    explicit PendingQuery(const Question& question)
        : m_question(question) {}
    virtual ~PendingQuery() { cancel(); }
    PendingQuery(const PendingQuery&) = delete;
    PendingQuery& operator=(const PendingQuery&) = delete;

    /// Once at the most, never from within the call that asked; the query is not pending any more.
    virtual void replied(const UpstreamReply& reply) = 0;
    /// Whether it may leave once more where an answer is late (over UDP).
    virtual bool mayResend() { return true; }

    /// Tells all of them the same; they must not be pending anywhere any more.
    static void replyToAll(std::vector<PendingQuery*> queries, const UpstreamReply& reply);

    const Question& question() const { return m_question; }
    bool recursionDesired = true;
    bool alone = false; ///< shares its connection with no other

    bool isPending() const { return m_holder != nullptr; }
    void cancel() {
        if (m_holder)
            m_holder->release(*this);
        m_holder = nullptr;
    }

    /// What is known of its way so far; times are of the monotonic clock, 0: not yet.
    struct Way {
        std::int64_t askedAt = 0;
        std::int64_t sentAt = 0;
        /// Where the connection was made for it: how long it took; else 0.
        std::int64_t connectMicros = 0;
        std::int64_t tlsMicros = 0;
        IpAddress address;
        ConnectionUse use = ConnectionUse::None;
        unsigned resent = 0;         ///< how often it left again, in clear text
        bool waited = false;         ///< for a connection, as there was none to be used
        bool othersAnswered = false; ///< lost, though the connection answered others meanwhile
        bool quiet = false;          ///< nothing had come on its connection for a while
    } way;

private:
    friend class Upstream;
    friend class DotConnection;
    friend class PlainServer;

    const Question& m_question;
    Holder* m_holder = nullptr;
    std::size_t m_slot = 0; ///< the holder's own: where it is, or its ID
};

} // namespace sotto::engine
