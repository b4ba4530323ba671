// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/exchange.h"

#include "observe/clocks.h"
#include "upstream/patience.h"

#include <algorithm>

namespace sotto::engine {

namespace {

std::int64_t micros(std::chrono::milliseconds duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

/// How long an answer is waited for on a connection that the network may have forgotten.
std::int64_t quietPatience(const Upstream& upstream) {
    constexpr double kSlack = 50'000;
    constexpr std::int64_t kUnknown = 1'000'000;
    const double rtt = upstream.smoothedRttMicros();
    return rtt == 0 ? kUnknown : std::min(kUnknown, static_cast<std::int64_t>(2 * rtt + kSlack));
}

std::uint32_t span(std::int64_t from, std::int64_t to) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(to - from, 0, 0xffffffff));
}

} // namespace

Exchange::Exchange(DeadlineQueue& deadlines, std::shared_ptr<UpstreamSet> upstreams,
                   const Question& question, std::uint64_t serial, Client& client)
    : m_deadlines(deadlines)
    , m_upstreams(std::move(upstreams))
    , m_forward(m_upstreams->forward())
    , m_question(question)
    , m_serial(serial)
    , m_client(&client) {}

Exchange::~Exchange() {
    m_deadlines.clear(*this);
}

void Exchange::Attempt::replied(const UpstreamReply& reply) {
    exchange.replied(*this, reply);
}

template <class Visitor>
void Exchange::visitAttempts(Visitor visitor) {
    if (m_first)
        visitor(*m_first);
    for (const auto& attempt : m_more)
        visitor(*attempt);
}

void Exchange::start() {
    m_started = monotonicMicros();
    m_outcome.allDown = m_forward.failfastAllUnhealthy && m_upstreams->allDown();
    m_upstreams->probeDue();
    m_order = m_upstreams->order(m_question.name.bytes());
    if (m_outcome.allDown || !tryNext(m_started)) {
        m_outcome.lastReason =
            m_outcome.allDown ? "all upstreams are down" : "no upstream is configured";
        m_deadlines.set(*this, m_started); // ends in a turn of its own
        m_nextEvent = -1;
        return;
    }
    if (const std::int64_t delay = m_upstreams->hedgeDelay(m_first->upstream);
        delay != 0 && m_order.count > 1) {
        m_wait = Wait::Hedge;
        m_nextEvent = m_started + delay;
    }
    setDeadline();
}

/// Messages that are kept for others may not be sent now.
bool Exchange::mayTryNext(unsigned kept) {
    unsigned mayHaveLeft = 0;
    unsigned excused = 0;
    unsigned connects = 0;
    visitAttempts([&](const Attempt& attempt) {
        mayHaveLeft += (!attempt.over || attempt.sent() ? 1 : 0) + attempt.way.resent;
        excused += attempt.excused ? 1 : 0;
        connects += attempt.madeConnection ? 1 : 0;
    });
    return m_more.size() < kMaxTries && mayHaveLeft - excused + kept < kMaxSent &&
           mayHaveLeft < kMaxSentWithLosses &&
           (m_forward.maxConnectAttempts == 0 || connects < m_forward.maxConnectAttempts);
}

/// Not beside another server, which had better get what may still be sent; nor in place of those
/// that there is time to ask.
bool Exchange::mayResend(const Attempt& attempt) {
    constexpr unsigned kInTime = 2;
    const unsigned left = m_order.count - m_next;
    return &attempt == m_watched && mayTryNext(std::min(left, kInTime));
}

Upstream* Exchange::nextUpstream() {
    if (m_next < m_order.count)
        return m_upstreams->upstreams()[m_order.at[m_next++]].get();
    if (m_again.empty())
        return nullptr;
    Upstream* upstream = m_again.front();
    m_again.erase(m_again.begin());
    return upstream;
}

/// Once more, through no fault of the question; behind the others.
void Exchange::askAgain(Upstream& upstream) {
    if (std::ranges::find(m_again, &upstream) == m_again.end())
        m_again.push_back(&upstream);
}

/// Asks the next candidate, whose lateness is watched from then on.
bool Exchange::tryNext(std::int64_t now, bool raced) {
    if (!mayTryNext())
        return false;
    Upstream* upstream = nextUpstream();
    if (!upstream)
        return false;
    Attempt& attempt = ask(*upstream);
    attempt.raced = raced;
    watch(attempt, now);
    return true;
}

Exchange::Attempt& Exchange::ask(Upstream& upstream) {
    Attempt& attempt = m_first ? *m_more.emplace_back(std::make_unique<Attempt>(*this, upstream))
                               : m_first.emplace(*this, upstream);
    attempt.alone = m_losses >= kLossesTogether;
    ++m_waiting;
    upstream.ask(attempt);
    attempt.madeConnection = attempt.way.waited;
    return attempt;
}

void Exchange::watch(Attempt& attempt, std::int64_t now) {
    m_watched = &attempt;
    m_wait = Wait::Late;
    if (attempt.madeConnection)
        m_nextEvent = now + micros(patience::kConnecting);
    else if (attempt.way.quiet)
        m_nextEvent = now + quietPatience(attempt.upstream);
    else
        waitOn(Wait::Hung, attempt.upstream.patienceMicros(patience::kHung));
}

void Exchange::replied(Attempt& attempt, const UpstreamReply& reply) {
    const auto self = shared_from_this();
    if (!m_client)
        return;
    const std::int64_t now = monotonicMicros();
    attempt.over = true;
    attempt.endedAt = now;
    attempt.outcome = reply.outcome;
    --m_waiting;
    if (reply.kind == UpstreamReply::Kind::Answer) {
        if (takeAnswer(attempt, reply.message))
            return finish();
    } else {
        m_outcome.lastReason = reply.reason;
        if (reply.kind == UpstreamReply::Kind::Lost) {
            askAgain(attempt.upstream);
            attempt.excused = attempt.sent() && attempt.way.othersAnswered &&
                              reply.outcome != AttemptOutcome::BadAnswer;
            ++m_losses;
        }
    }
    m_client->attemptFailed();
    if ((&attempt == m_watched || m_waiting == 0) && !tryNext(now))
        watchAnother(now);
    if (m_waiting == 0)
        return finish();
    setDeadline();
}

/// True where the answer is the one to give.
bool Exchange::takeAnswer(Attempt& attempt, Bytes message) {
    m_outcome.response = {};
    if (!readUpstreamResponse(message, m_question, m_outcome.response, m_outcome.lastReason)) {
        attempt.outcome = AttemptOutcome::BadAnswer;
        const std::string reason = "unusable answer: " + m_outcome.lastReason;
        if (isResponseTo(message, m_question)) {
            attempt.upstream.noteError(attempt.outcome, reason); // whose fault will show
        } else {
            attempt.upstream.noteBadAnswer(attempt.outcome, reason);
            askAgain(attempt.upstream); // the stream was at fault, and is left
        }
        return false;
    }
    attempt.rcode = m_outcome.response.rcode;
    if (isServerFailure()) {
        attempt.outcome = AttemptOutcome::ServerFailure;
        m_outcome.lastReason = "the server answered that it failed";
        if (keepsForLater(attempt))
            return false;
    } else {
        attempt.upstream.noteAnswer(attempt, m_outcome.response);
    }
    m_outcome.answered = true;
    m_outcome.upstreamId = attempt.upstream.id();
    return true;
}

/// Whether the answer tells of the server's own failure, as far as can be said.
bool Exchange::isServerFailure() const {
    const auto& codes = m_forward.failover;
    return !m_outcome.response.blamesName &&
           std::find(codes.begin(), codes.end(), m_outcome.response.rcode) != codes.end();
}

/// Keeps such an answer while others may still do better; false where it has to do as it is.
bool Exchange::keepsForLater(const Attempt& attempt) {
    const bool othersLeft =
        m_waiting > 0 || (mayTryNext() && (m_next < m_order.count || !m_again.empty()));
    if (!othersLeft && !m_lesserAnswer)
        return false;
    if (!m_lesserAnswer)
        m_lesserAnswer.emplace(std::move(m_outcome.response), attempt.upstream.id());
    return true;
}

void Exchange::deadlineReached(std::int64_t now) {
    const auto self = shared_from_this();
    if (!m_client)
        return;
    if (m_nextEvent < 0)
        return finish();
    if (now >= m_started + micros(patience::kQuestion)) {
        m_outcome.lastReason = "no answer in time";
        return finish();
    }
    if (m_nextEvent != 0 && now >= m_nextEvent) {
        switch (std::exchange(m_wait, Wait::Nothing)) {
        case Wait::Nothing:
            m_nextEvent = 0;
            break;
        case Wait::Hedge:
            watch(*m_watched, m_watched->way.askedAt);
            if (m_upstreams->takeHedge()) {
                m_client->queryRaced();
                tryNext(now, true);
            }
            break;
        case Wait::Hung:
            if (!m_watched->over && m_watched->upstream.looksHung(*m_watched))
                watchedIsLate(now);
            else
                waitOn(Wait::Silent, m_watched->upstream.patienceMicros(patience::kSilent));
            break;
        case Wait::Silent:
            if (!m_watched->over && m_next < m_order.count &&
                m_watched->upstream.isSilent(*m_watched))
                watchedIsLate(now);
            else
                waitOn(Wait::Late, micros(m_forward.readTimeout));
            break;
        case Wait::Late:
            watchedIsLate(now);
            break;
        }
    }
    setDeadline();
}

/// Waits on, for the stage that ends so long after the question, or for the last one where that
/// comes first.
void Exchange::waitOn(Wait stage, std::int64_t duration) {
    const std::int64_t longest = micros(m_forward.readTimeout);
    m_wait = duration < longest ? stage : Wait::Late;
    m_nextEvent = m_watched->way.askedAt + std::min(duration, longest);
}

void Exchange::watchedIsLate(std::int64_t now) {
    m_nextEvent = 0;
    Attempt& watched = *m_watched;
    if (!watched.over) {
        const bool sent = watched.sent();
        if (sent && watched.madeConnection &&
            now < watched.way.sentAt + micros(m_forward.readTimeout))
            return watchOn(now); // it had to connect first
        if (!watched.silenceTold && (sent || m_next < m_order.count)) {
            watched.silenceTold = sent;
            switch (watched.upstream.noteSilence(watched)) {
            case Upstream::Silence::Slow:
                break;
            case Upstream::Silence::Left:
                askAgain(watched.upstream);
                break;
            case Upstream::Silence::Forgotten: // on a new connection, before the others
                if (mayTryNext())
                    return watch(ask(watched.upstream), now);
                break;
            }
        }
    }
    if (tryNext(now))
        return;
    const std::int64_t since = std::max(watched.way.sentAt, watched.way.askedAt);
    if (m_lesserAnswer && (watched.over || now >= since + micros(m_forward.readTimeout)))
        return finish(); // a better one was awaited for long enough
    watchOn(now);
}

/// Goes on watching an attempt beside which nobody else can be asked.
void Exchange::watchOn(std::int64_t now) {
    const std::int64_t readTimeout = micros(m_forward.readTimeout);
    const PendingQuery::Way& way = m_watched->way;
    std::int64_t next = way.sentAt + readTimeout;
    if (!m_watched->sent()) {
        next = now + micros(patience::kConnecting);
        if (m_lesserAnswer)
            next = std::min(next, way.askedAt + readTimeout);
    }
    if (m_watched->over || next <= now)
        return;
    m_wait = Wait::Late;
    m_nextEvent = next;
}

/// One that was asked earlier, where the last one is over.
void Exchange::watchAnother(std::int64_t now) {
    Attempt* last = nullptr;
    visitAttempts([&](Attempt& attempt) {
        if (!attempt.over)
            last = &attempt;
    });
    if (!last)
        return;
    if (!last->silenceTold)
        return watch(*last, now);
    m_watched = last;
    m_nextEvent = 0;
    watchOn(now);
}

void Exchange::setDeadline() {
    if (!m_client)
        return;
    const std::int64_t end = m_started + micros(patience::kQuestion);
    m_deadlines.set(*this, m_nextEvent > 0 ? std::min(m_nextEvent, end) : end);
}

void Exchange::giveUp() {
    const auto self = shared_from_this();
    if (m_client)
        finish();
}

void Exchange::trace(std::int64_t now) {
    visitAttempts([&](const Attempt& attempt) {
        const std::size_t at = m_outcome.attemptCount;
        if (at >= m_outcome.attempts.size())
            return;
        ++m_outcome.attemptCount;
        const PendingQuery::Way& way = attempt.way;
        UpstreamAttempt& entry = m_outcome.attempts[at];
        entry.upstreamId = attempt.upstream.id();
        entry.startedMicros = span(m_started, way.askedAt);
        entry.tookMicros = span(way.askedAt, attempt.over ? attempt.endedAt : now);
        entry.connectMicros = static_cast<std::uint32_t>(way.connectMicros);
        entry.tlsMicros = static_cast<std::uint32_t>(way.tlsMicros);
        entry.address = way.address;
        entry.outcome = attempt.over         ? attempt.outcome
                        : m_outcome.answered ? AttemptOutcome::Pending
                        : attempt.sent()     ? AttemptOutcome::Silent
                                             : AttemptOutcome::ConnectTimeout;
        entry.connection = way.use;
        entry.rcode = attempt.rcode;
        entry.raced = attempt.raced;
    });
}

/// A server that answered that it failed is to blame only where another one did better; else it is
/// the name's own trouble.
void Exchange::judgeFailures() {
    const bool othersDidBetter = m_outcome.answered && !isServerFailure();
    visitAttempts([&](Attempt& attempt) {
        if (attempt.outcome != AttemptOutcome::ServerFailure &&
            attempt.outcome != AttemptOutcome::BadAnswer)
            return;
        if (!othersDidBetter)
            attempt.upstream.forgetTrouble();
        else
            attempt.upstream.noteBadAnswer(attempt.outcome,
                                           std::string(attemptOutcomeText(attempt.outcome)));
    });
}

void Exchange::finish() {
    const auto self = shared_from_this();
    m_deadlines.clear(*this);
    visitAttempts([&](const Attempt& attempt) { m_outcome.sent |= attempt.sent(); });
    if (!m_outcome.answered && m_lesserAnswer) {
        m_outcome.answered = true;
        m_outcome.response = std::move(m_lesserAnswer->first);
        m_outcome.upstreamId = m_lesserAnswer->second;
    }
    judgeFailures();
    trace(monotonicMicros());
    Client* client = std::exchange(m_client, nullptr);
    if (m_first)
        m_first->cancel();
    for (const auto& attempt : m_more)
        attempt->cancel();
    client->exchangeDone(*this, m_outcome);
}

} // namespace sotto::engine
