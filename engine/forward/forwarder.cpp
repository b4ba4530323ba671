// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/forwarder.h"

#include "forward/failure_text.h"
#include "observe/clocks.h"
#include "rules/special_names.h"
#include "wire/reply.h"

#include <asio/post.hpp>

#include <algorithm>

namespace sotto::engine {

namespace {

/// A failure of our own making (nobody answered) is remembered for as short as RFC 9520 §3.2
/// allows, one second, plus one because the clock counts whole ones: the way to the upstream may
/// be back at any moment.
constexpr std::chrono::seconds kOwnFailure{2};

/// SERVFAIL without records, for a question that nobody answered.
UpstreamResponse failureFor(const Question& question) {
    UpstreamResponse failure;
    failure.wire.resize(kHeaderOctets + question.name.length + 4);
    store16(&failure.wire[4], 1);
    std::copy_n(question.name.octets.begin(), question.name.length,
                failure.wire.begin() + kHeaderOctets);
    store16(&failure.wire[kHeaderOctets + question.name.length], question.type);
    store16(&failure.wire[kHeaderOctets + question.name.length + 2], question.queryClass);
    failure.rcode = rcode::kServFail;
    failure.extendedError = extended_error::kNoReachableAuthority;
    return failure;
}

Question questionOf(const ClientQuery& query) {
    return makeQuestion(query.name.bytes(), query.request.type, query.request.queryClass,
                        query.request.dnssecOk, query.request.checkingDisabled(), query.subnet);
}

} // namespace

Forwarder::Forwarder(asio::io_context& context, ResponseCache& cache, UpstreamGroups& upstreams,
                     const Snapshot<FrontSettings>& settings, Counters& counters,
                     RecordRing& records)
    : m_context(context)
    , m_cache(cache)
    , m_upstreams(upstreams)
    , m_deadlines(context)
    , m_settings(settings)
    , m_counters(counters)
    , m_delivery(context, m_settings, counters, records)
    , m_stopTimer(context) {}

void Forwarder::take(std::vector<ClientQuery>& misses) {
    bool first = false;
    {
        const std::lock_guard lock(m_inboxMutex);
        first = m_inbox.empty();
        for (ClientQuery& miss : misses) {
            const bool mayBeLost = miss.transport == Transport::Udp || miss.isRefresh();
            if (m_inbox.size() < kMaxInbox || !mayBeLost)
                m_inbox.push_back(std::move(miss));
        }
    }
    misses.clear();
    if (first)
        asio::post(m_context, [this] { takeInbox(); });
}

void Forwarder::takeInbox() {
    std::vector<ClientQuery> queries;
    bool more = false;
    {
        const std::lock_guard lock(m_inboxMutex);
        const std::size_t count = std::min(m_inbox.size(), kTakenAtOnce);
        queries.assign(
            std::make_move_iterator(m_inbox.begin()),
            std::make_move_iterator(m_inbox.begin() + static_cast<std::ptrdiff_t>(count)));
        m_inbox.erase(m_inbox.begin(), m_inbox.begin() + static_cast<std::ptrdiff_t>(count));
        more = !m_inbox.empty();
    }
    if (more)
        asio::post(m_context, [this] { takeInbox(); });
    m_settings.refresh();
    for (ClientQuery& query : queries)
        handle(std::move(query));
}

void Forwarder::handle(ClientQuery query) {
    const Question question = questionOf(query);
    if (query.isRefresh())
        return refresh(question);
    if (query.transport == Transport::Internal) {
        m_counters.queriesInternal.add();
        m_counters.countType(query.request.type);
    }
    if (query.transport == Transport::Internal && isCheckName(question.name.bytes()) &&
        answerLocally(query, question))
        return;
    if (!m_settings.get().forwarding) {
        m_counters.refused.add();
        m_delivery.refuse(query, rcode::kRefused, extended_error::kProhibited,
                          {AnswerSource::Local, LocalRule::ForwardingOff});
        return;
    }
    if (m_stopping) {
        m_delivery.refuse(query, rcode::kServFail, extended_error::kNone, {AnswerSource::Failed});
        return;
    }
    // The listeners have looked at this already.
    if (const auto verdict = verdictOfType(query.request.type); verdict != RequestVerdict::Ask) {
        const bool refused = verdict == RequestVerdict::Refused;
        m_delivery.refuse(query, refused ? rcode::kRefused : rcode::kNotImp, extended_error::kNone,
                          {AnswerSource::Local, LocalRule::TypeRefused});
        return;
    }
    // Between the listener's look and this one an answer may have come.
    if (answerFromCache(query, question, ResponseCache::Use::Client) ||
        (query.transport == Transport::Internal && answerLocally(query, question)))
        return;
    const auto found = m_inFlight.find(question);
    if (found != m_inFlight.end())
        return join(found->second, question, std::move(query));
    const std::size_t inFlightNow = m_inFlight.size() + m_left.size();
    if (m_maxConcurrent != 0 && inFlightNow >= m_maxConcurrent) {
        m_counters.tooManyAtOnce.add();
        m_delivery.refuse(query, rcode::kRefused, extended_error::kOther,
                          {AnswerSource::Local, LocalRule::TooManyAtOnce});
        return;
    }
    if (inFlightNow >= kMaxInFlight) {
        m_counters.cacheMisses.add();
        m_delivery.refuse(query, rcode::kServFail, extended_error::kNone,
                          {AnswerSource::Failed, LocalRule::TooManyAtOnce});
        return;
    }
    InFlight& inFlight = ask(question);
    inFlight.waiting.push_back(std::move(query));
    armStaleTimer(question, inFlight);
    inFlight.exchange->start();
}

void Forwarder::join(InFlight& inFlight, const Question& question, ClientQuery query) {
    if (inFlight.late && answerFromCache(query, question, ResponseCache::Use::LastResort))
        return;
    if (inFlight.waiting.size() >= kMaxWaiting) {
        m_counters.cacheMisses.add();
        m_delivery.refuse(query, rcode::kServFail, extended_error::kNone,
                          {AnswerSource::Failed, LocalRule::TooManyAtOnce});
        return;
    }
    m_counters.coalesced.add();
    if (inFlight.waiting.empty())
        armStaleTimer(question, inFlight); // it was started as a refresh
    inFlight.waiting.push_back(std::move(query));
}

void Forwarder::refresh(const Question& question) {
    if (m_stopping || !m_settings.get().forwarding || m_inFlight.contains(question) ||
        m_inFlight.size() + m_left.size() >= kMaxInFlight)
        return;
    m_counters.prefetches.add();
    ask(question).exchange->start();
}

/// Makes the entry of a question that goes to the upstreams; its exchange is yet to be started.
Forwarder::InFlight& Forwarder::ask(const Question& question) {
    const std::uint64_t serial = ++m_lastSerial;
    InFlight& inFlight = m_inFlight[question];
    inFlight.serial = serial;
    const auto& upstreams = m_upstreams.groupFor(question.name.bytes(), inFlight.route);
    inFlight.exchange = std::make_shared<Exchange>(m_deadlines, upstreams, question, serial, *this);
    return inFlight;
}

void Forwarder::armStaleTimer(const Question& question, InFlight& inFlight) {
    const CacheConfig::Stale& stale = m_policy.config().stale;
    if (!stale.enabled || stale.verifyTimeout.count() == 0 || inFlight.staleTimer ||
        !m_cache.hasLastResort(question, bootSeconds()))
        return;
    inFlight.staleTimer = std::make_unique<asio::steady_timer>(m_context, stale.verifyTimeout);
    inFlight.staleTimer->async_wait(
        [this, question, serial = inFlight.serial](const asio::error_code& cancelled) {
            if (!cancelled)
                upstreamsAreLate(question, serial);
        });
}

/// Those who wait get what is kept; the question stays on its way, for those who come later.
void Forwarder::upstreamsAreLate(const Question& question, std::uint64_t serial) {
    m_settings.refresh();
    const auto found = m_inFlight.find(question);
    if (found == m_inFlight.end() || found->second.serial != serial)
        return;
    found->second.late = true;
    std::erase_if(found->second.waiting, [&](const ClientQuery& query) {
        return answerFromCache(query, question, ResponseCache::Use::LastResort);
    });
}

bool Forwarder::answerFromCache(const ClientQuery& query, const Question& question,
                                ResponseCache::Use use) {
    const ResponseCache::Found found =
        m_cache.copy(question, bootSeconds(), m_delivery.room().first(kMaxMessageOctets), use);
    if (!found)
        return false;
    m_counters.cacheHits.add();
    ReplyOptions options{found.extendedError};
    if (found.stale) {
        m_counters.staleAnswers.add();
        options = ownError(found.extendedError);
    }
    AnswerStory story{found.stale ? AnswerSource::Stale : AnswerSource::Cache};
    story.cacheAge = found.ageSeconds;
    story.ttl = found.ttlSeconds;
    m_delivery.finish(query, found.octets, options, story);
    if (found.refresh)
        refresh(question);
    return true;
}

bool Forwarder::answerLocally(const ClientQuery& query, const Question& question) {
    if (isRouted(m_settings.get(), question) && !isCheckName(question.name.bytes()))
        return false;
    const std::size_t stored =
        answerSpecialName(question, m_settings.get().specialNames, m_delivery.room());
    if (stored == 0)
        return false;
    m_counters.localAnswers.add();
    m_delivery.finish(query, stored, {}, {AnswerSource::Local, ruleOfSpecialName(question)});
    return true;
}

bool Forwarder::keep(const Question& question, const CacheVerdict& verdict,
                     const Exchange::Outcome& outcome) {
    const std::uint32_t now = bootSeconds();
    if (outcome.answered)
        return m_cache.insert(question, outcome.response, verdict.kind, now,
                              static_cast<std::uint32_t>(verdict.lifetime.count()));
    const std::chrono::seconds lifetime =
        std::min(kOwnFailure, m_policy.failureLifetime(question.name.bytes()));
    if (outcome.sent)
        return m_cache.insert(question, failureFor(question), AnswerKind::Failure, now,
                              static_cast<std::uint32_t>(lifetime.count()));
    // Nobody could be reached: that is forgotten at once.
    m_cache.noteFailedRefresh(question, now);
    return m_cache.hasLastResort(question, now);
}

void Forwarder::exchangeDone(Exchange& exchange, Exchange::Outcome& outcome) {
    const Question& question = exchange.question(); // which lives as long as inFlight below
    const std::uint64_t serial = exchange.serial();
    m_settings.refresh();
    CacheVerdict verdict;
    if (outcome.answered) {
        verdict = m_policy.judge(outcome.response, question.name.bytes(), unixMicros() / 1'000'000);
        shapeTtls(outcome.response, verdict);
    }
    InFlight inFlight;
    bool keptIsBetter = false;
    const auto found = m_inFlight.find(question);
    if (found != m_inFlight.end() && found->second.serial == serial) {
        inFlight = std::move(found->second);
        m_inFlight.erase(found);
        keptIsBetter = keep(question, verdict, outcome);
    } else if (auto left = m_left.extract(serial)) {
        inFlight = std::move(left.mapped());
    } else {
        return;
    }
    AnswerStory story{AnswerSource::Upstream};
    story.route = inFlight.route;
    story.ttl = static_cast<std::uint32_t>(verdict.lifetime.count());
    story.outcome = &outcome;
    for (const ClientQuery& query : inFlight.waiting) {
        if (keptIsBetter && answerFromCache(query, question, ResponseCache::Use::LastResort))
            continue;
        replyWith(query, outcome, story);
        story.source = AnswerSource::Coalesced;
    }
    if (m_stopping && m_inFlight.empty() && m_left.empty() && m_stopped)
        std::exchange(m_stopped, nullptr)();
}

void Forwarder::replyWith(const ClientQuery& query, const Exchange::Outcome& outcome,
                          AnswerStory story) {
    m_counters.cacheMisses.add();
    if (!outcome.answered) {
        story.source = AnswerSource::Failed;
        story.rule = outcome.allDown ? LocalRule::AllUpstreamsDown : LocalRule::None;
        ReplyOptions options;
        options.extendedError =
            outcome.sent ? extended_error::kNoReachableAuthority : extended_error::kNetworkError;
        options.extendedErrorText = failureText(outcome);
        m_delivery.refuse(query, rcode::kServFail, options, story);
        return;
    }
    const UpstreamResponse& response = outcome.response;
    const MutableBytes out = m_delivery.room();
    std::copy(response.wire.begin(), response.wire.end(), out.begin());
    store16(&out[2], response.keptFlags());
    ReplyOptions options{response.extendedError};
    options.subnetScope = response.subnetScope.value_or(0);
    m_delivery.finish(query, response.wire.size(), options, story);
}

void Forwarder::leaveInFlight() {
    for (auto& [question, inFlight] : m_inFlight)
        m_left.emplace(inFlight.serial, std::move(inFlight));
    m_inFlight.clear();
}

void Forwarder::stop(std::chrono::milliseconds grace, std::function<void()> done) {
    m_stopping = true;
    takeInbox();
    if (m_inFlight.empty() && m_left.empty())
        return done();
    m_stopped = std::move(done);
    m_stopTimer.expires_after(grace);
    m_stopTimer.async_wait([this](const asio::error_code&) {
        std::vector<std::shared_ptr<Exchange>> left;
        for (const auto& [question, inFlight] : m_inFlight)
            left.push_back(inFlight.exchange);
        for (const auto& [serial, inFlight] : m_left)
            left.push_back(inFlight.exchange);
        for (const auto& exchange : left)
            exchange->giveUp();
        if (m_stopped)
            std::exchange(m_stopped, nullptr)();
    });
}

} // namespace sotto::engine
