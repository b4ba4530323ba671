// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/exchange.h"

#include "observe/clocks.h"

#include <asio/post.hpp>

#include <algorithm>

namespace sotto::engine {

namespace {

std::int64_t micros(std::chrono::milliseconds duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

} // namespace

Exchange::Exchange(asio::io_context& context, UpstreamSet& upstreams, const Question& question,
                   std::function<void()> failed, Done done)
    : m_timer(context)
    , m_upstreams(upstreams)
    , m_question(question)
    , m_failed(std::move(failed))
    , m_done(std::move(done))
    , m_context(context) {}

void Exchange::start() {
    m_started = monotonicMicros();
    m_upstreams.order(m_candidates);
    const auto probed = m_upstreams.dueForProbe();
    tryNext();
    // A query is its own probe: an upstream that failed is asked too, beside one that works.
    if (probed && m_waiting > 0 && m_attempts.front().upstream != probed) {
        std::erase(m_candidates, probed);
        ask(probed);
    }
    if (m_waiting == 0) {
        m_outcome.lastReason = "no upstream is configured";
        asio::post(m_context, [self = shared_from_this()] { self->finish(); });
        return;
    }
    armTimer();
}

bool Exchange::mayTryNext() const {
    unsigned mayHaveLeft = 0;
    unsigned excused = 0;
    for (const Attempt& attempt : m_attempts) {
        mayHaveLeft += !attempt.over || attempt.sent ? 1 : 0;
        excused += attempt.excused ? 1 : 0;
    }
    return m_next < m_candidates.size() && mayHaveLeft - excused < kMaxSent &&
           mayHaveLeft < kMaxSentWithLosses;
}

/// Asks the next candidate, whose lateness is watched from then on.
void Exchange::tryNext() {
    if (!mayTryNext())
        return;
    const std::int64_t now = monotonicMicros();
    const auto& upstream = m_candidates[m_next++];
    const bool quiet = upstream->isQuiet(now);
    m_watched = m_attempts.size();
    ask(upstream);
    m_lateAt = now + micros(m_attempts[m_watched].handle.freshConnection ? kConnectPatience
                            : quiet                                      ? kQuietPatience
                                                                         : kReadTimeout);
}

void Exchange::ask(const std::shared_ptr<Upstream>& upstream) {
    const std::size_t index = m_attempts.size();
    m_attempts.push_back({upstream, {}});
    ++m_waiting;
    m_attempts[index].handle =
        upstream->ask(m_question, [self = shared_from_this(), index](const UpstreamReply& reply) {
            self->replied(index, reply);
        });
}

void Exchange::replied(std::size_t index, const UpstreamReply& reply) {
    Attempt& attempt = m_attempts[index];
    if (!m_done || attempt.over)
        return;
    attempt.over = true;
    attempt.sent = reply.kind != UpstreamReply::Kind::NotConnected;
    --m_waiting;
    const auto upstream = attempt.upstream;

    switch (reply.kind) {
    case UpstreamReply::Kind::Answer:
        m_outcome.response = {};
        if (readUpstreamResponse(reply.message, m_question, m_outcome.response,
                                 m_outcome.lastReason)) {
            upstream->noteAnswer(attempt.handle);
            if (takeLesserAnswer(*upstream))
                break;
            m_outcome.answered = true;
            m_outcome.upstreamId = upstream->id();
            return finish();
        }
        upstream->noteBadAnswer(m_outcome.lastReason);
        break;
    case UpstreamReply::Kind::Lost:
        // Lost with the connection, through no fault of the question: it may go to the same
        // upstream again, behind the others.
        m_candidates.push_back(upstream);
        if (const auto connection = attempt.handle.connection.lock())
            attempt.excused = connection->lastAnswered() >= attempt.handle.startedMicros;
        m_outcome.lastReason = reply.reason;
        break;
    case UpstreamReply::Kind::NotConnected:
        m_outcome.lastReason = reply.reason;
        break;
    }
    m_failed();
    if (index == m_watched || m_waiting == 0)
        tryNext();
    if (m_waiting == 0)
        return finish();
    armTimer();
}

/// Keeps an answer that tells of the server's own failure while others may still do better; false
/// where it has to do as it is, or is no such answer.
bool Exchange::takeLesserAnswer(const Upstream& upstream) {
    const std::uint8_t code = m_outcome.response.rcode;
    if ((code != rcode::kServFail && code != rcode::kRefused && code != rcode::kNotImp &&
         code != rcode::kFormErr) ||
        m_outcome.response.blamesName || (m_waiting == 0 && !mayTryNext() && !m_lesserAnswer))
        return false;
    if (!m_lesserAnswer)
        m_lesserAnswer.emplace(std::move(m_outcome.response), upstream.id());
    m_outcome.lastReason = "the server answered that it failed";
    return true;
}

bool Exchange::anySent() const {
    return std::any_of(m_attempts.begin(), m_attempts.end(), [](const Attempt& attempt) {
        const auto connection = attempt.handle.connection.lock();
        return attempt.sent || (connection && connection->isOpen());
    });
}

void Exchange::timerFired() {
    const std::int64_t now = monotonicMicros();
    if (now >= m_started + micros(anySent() ? kDeadline : kUnsentDeadline)) {
        m_outcome.lastReason = "no answer in time";
        return finish();
    }
    if (m_lateAt != 0 && now >= m_lateAt)
        watchedIsLate(now);
    armTimer();
}

void Exchange::watchedIsLate(std::int64_t now) {
    m_lateAt = 0;
    const Attempt& watched = m_attempts[m_watched];
    if (!watched.over) {
        const auto connection = watched.handle.connection.lock();
        const bool open = connection && connection->isOpen();
        if (open && watched.handle.freshConnection &&
            now < connection->openedAt() + micros(kReadTimeout)) {
            m_lateAt = connection->openedAt() + micros(kReadTimeout); // it had to connect first
            return;
        }
        const auto upstream = watched.upstream;
        if (open || mayTryNext())
            upstream->noteSilence(watched.handle);
        if (open && !mayTryNext() && !upstream->hasUsableConnection())
            m_candidates.push_back(upstream); // once more, on a new connection
    }
    if (m_lesserAnswer)
        return finish(); // a better one was awaited for long enough
    tryNext();
}

void Exchange::armTimer() {
    if (!m_done)
        return;
    const std::int64_t now = monotonicMicros();
    std::int64_t next = m_started + micros(kDeadline);
    if (now < m_started + micros(kUnsentDeadline))
        next = m_started + micros(kUnsentDeadline);
    if (m_lateAt > 0)
        next = std::min(next, m_lateAt);
    m_timer.expires_after(std::chrono::microseconds(std::max<std::int64_t>(0, next - now)));
    m_timer.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (!cancelled && self->m_done)
            self->timerFired();
    });
}

void Exchange::giveUp() {
    if (m_done)
        finish();
}

void Exchange::finish() {
    m_timer.cancel();
    const auto self = shared_from_this();
    m_outcome.sent = anySent();
    if (!m_outcome.answered && m_lesserAnswer) {
        m_outcome.answered = true;
        m_outcome.response = std::move(m_lesserAnswer->first);
        m_outcome.upstreamId = m_lesserAnswer->second;
    }
    const Done done = std::exchange(m_done, nullptr);
    for (const Attempt& attempt : m_attempts) {
        if (!attempt.over)
            attempt.upstream->giveUp(attempt.handle);
    }
    if (done)
        done(m_outcome);
}

} // namespace sotto::engine
