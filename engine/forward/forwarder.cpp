// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/forwarder.h"

#include "cache/cache_policy.h"
#include "observe/clocks.h"
#include "wire/reply.h"

#include <asio/post.hpp>

#include <algorithm>

namespace sotto::engine {

namespace {

/// A failure of our own making (nobody answered) is remembered for as short as RFC 9520 §3.2
/// allows, one second, plus one because the clock counts whole ones: the way to the upstream may
/// be back at any moment.
constexpr std::uint32_t kOwnFailureSeconds = 2;

Question questionOf(const ClientQuery& query) {
    return makeQuestion(query.name.bytes(), query.request.type, query.request.queryClass,
                        query.request.dnssecOk, query.request.checkingDisabled());
}

} // namespace

Forwarder::Forwarder(asio::io_context& context, ResponseCache& cache, UpstreamSet& upstreams,
                     const Snapshot<FrontSettings>& settings, Counters& counters,
                     RecordRing& records)
    : m_context(context)
    , m_cache(cache)
    , m_upstreams(upstreams)
    , m_settings(settings)
    , m_counters(counters)
    , m_records(records)
    , m_replyBuffer(kMaxMessageOctets + kMaxOptOctets)
    , m_stopTimer(context) {}

void Forwarder::take(std::vector<ClientQuery>& misses) {
    bool first = false;
    {
        const std::lock_guard lock(m_inboxMutex);
        first = m_inbox.empty();
        for (ClientQuery& miss : misses) {
            if (m_inbox.size() < kMaxInbox || miss.transport != Transport::Udp)
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
    if (query.transport == Transport::Internal)
        m_counters.queriesInternal.add();
    if (!m_settings.get().forwarding) {
        m_counters.refused.add();
        replyError(query, rcode::kRefused, extended_error::kProhibited, AnswerSource::Local);
        return;
    }
    if (m_stopping) {
        replyError(query, rcode::kServFail, extended_error::kNone, AnswerSource::Failed);
        return;
    }
    const Question question = questionOf(query);
    auto found = m_inFlight.find(question);
    if (found == m_inFlight.end() && answerFromCache(query, question))
        return;
    m_counters.cacheMisses.add();
    if (found != m_inFlight.end() ? found->second.waiting.size() >= kMaxWaiting
                                  : m_inFlight.size() + m_left.size() >= kMaxInFlight) {
        replyError(query, rcode::kServFail, extended_error::kNone, AnswerSource::Failed);
        return;
    }
    if (found != m_inFlight.end()) {
        m_counters.coalesced.add();
        found->second.waiting.push_back(std::move(query));
        return;
    }
    const std::uint64_t serial = ++m_lastSerial;
    auto exchange = std::make_shared<Exchange>(
        m_context, m_upstreams, question, [this] { m_counters.upstreamFailures.add(); },
        [this, question, serial](Exchange::Outcome& outcome) {
            answered(question, serial, outcome);
        });
    InFlight& inFlight = m_inFlight[question];
    inFlight.exchange = exchange;
    inFlight.serial = serial;
    inFlight.waiting.push_back(std::move(query));
    exchange->start();
}

/// Between the listener's look and this one an answer may have come.
bool Forwarder::answerFromCache(const ClientQuery& query, const Question& question) {
    const std::size_t stored = m_cache.copyFresh(
        question, bootSeconds(), MutableBytes(m_replyBuffer).first(kMaxMessageOctets));
    if (stored == 0)
        return false;
    m_counters.cacheHits.add();
    const std::size_t octets =
        finishReply(m_replyBuffer, stored, query.request, query.name.bytes(), query.sizeLimit);
    QueryRecord record =
        makeRecord(query.request, query.name.bytes(), Bytes(m_replyBuffer).first(octets));
    record.source = AnswerSource::Cache;
    deliver(query, octets, record);
    return true;
}

void Forwarder::keep(const Question& question, const Exchange::Outcome& outcome) {
    if (outcome.answered) {
        const auto lifetime = cacheLifetime(outcome.response, m_cacheConfig);
        if (lifetime.count() > 0)
            m_cache.insert(question, outcome.response, bootSeconds(),
                           static_cast<std::uint32_t>(lifetime.count()));
        return;
    }
    if (!outcome.sent || m_cacheConfig.failureTtl.count() == 0)
        return; // nobody could be reached: forgotten at once
    UpstreamResponse failure;
    failure.wire.resize(kHeaderOctets + question.name.length + 4);
    store16(&failure.wire[4], 1);
    std::copy_n(question.name.octets.begin(), question.name.length,
                failure.wire.begin() + kHeaderOctets);
    store16(&failure.wire[kHeaderOctets + question.name.length], question.type);
    store16(&failure.wire[kHeaderOctets + question.name.length + 2], question.queryClass);
    failure.rcode = rcode::kServFail;
    m_cache.insert(question, failure, bootSeconds(), kOwnFailureSeconds);
}

void Forwarder::answered(const Question& question, std::uint64_t serial,
                         Exchange::Outcome& outcome) {
    UpstreamResponse& response = outcome.response;
    if (outcome.answered)
        capTtls(response, ttlCap(response, m_cacheConfig));
    InFlight inFlight;
    const auto found = m_inFlight.find(question);
    if (found != m_inFlight.end() && found->second.serial == serial) {
        inFlight = std::move(found->second);
        m_inFlight.erase(found);
        keep(question, outcome);
    } else if (auto left = m_left.extract(serial)) {
        inFlight = std::move(left.mapped());
    } else {
        return;
    }

    AnswerSource source = AnswerSource::Upstream;
    for (const ClientQuery& query : inFlight.waiting) {
        if (!outcome.answered) {
            replyError(query, rcode::kServFail,
                       outcome.sent ? extended_error::kNoReachableAuthority
                                    : extended_error::kNetworkError,
                       AnswerSource::Failed);
            continue;
        }
        std::copy(response.wire.begin(), response.wire.end(), m_replyBuffer.begin());
        store16(&m_replyBuffer[2],
                static_cast<std::uint16_t>(response.rcode |
                                           (response.authenticData ? flag::kAuthenticData : 0)));
        const std::size_t octets = finishReply(m_replyBuffer, response.wire.size(), query.request,
                                               query.name.bytes(), query.sizeLimit);
        QueryRecord record =
            makeRecord(query.request, query.name.bytes(), Bytes(m_replyBuffer).first(octets));
        record.source = source;
        record.upstreamId = outcome.upstreamId;
        deliver(query, octets, record);
        source = AnswerSource::Coalesced;
    }
    if (m_stopping && m_inFlight.empty() && m_left.empty() && m_stopped)
        std::exchange(m_stopped, nullptr)();
}

void Forwarder::replyError(const ClientQuery& query, std::uint8_t code, std::uint16_t extendedError,
                           AnswerSource source) {
    if (source == AnswerSource::Failed)
        m_counters.failed.add();
    const std::size_t octets =
        writeErrorReply(m_replyBuffer, query.request, query.name.bytes(), code, extendedError);
    QueryRecord record =
        makeRecord(query.request, query.name.bytes(), Bytes(m_replyBuffer).first(octets));
    record.source = source;
    record.extendedError = query.request.hasEdns ? extendedError : extended_error::kNone;
    deliver(query, octets, record);
}

void Forwarder::deliver(const ClientQuery& query, std::size_t octets, QueryRecord record) {
    const Bytes reply = Bytes(m_replyBuffer).first(octets);
    if (messageFlags(reply) & flag::kTruncated)
        m_counters.truncated.add();
    if (const auto* udp = std::get_if<UdpReturn>(&query.replyTo))
        udp->socket->send(reply, udp->peer);

    const std::int64_t took = monotonicMicros() - query.arrivedMonotonic;
    record.durationMicros =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(took, 0, 0xffffffff));
    record.unixMicros = query.arrivedUnix;
    record.client = query.client.address;
    record.clientPort = query.client.port;
    record.transport = query.transport;
    if (record.source == AnswerSource::Cache)
        m_counters.hitTimes.add(record.durationMicros);
    else if (record.source != AnswerSource::Local)
        m_counters.missTimes.add(record.durationMicros);
    m_records.push(record);
    if (const auto* sink = std::get_if<std::shared_ptr<ReplySink>>(&query.replyTo))
        (*sink)->reply(reply, record);
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
