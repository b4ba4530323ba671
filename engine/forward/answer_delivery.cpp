// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/answer_delivery.h"

#include "observe/clocks.h"

#include <asio/post.hpp>

#include <algorithm>

namespace sotto::engine {

namespace {

ReplyOptions optionsFor(const ClientQuery& query, ReplyOptions options) {
    if (query.transport == Transport::Tcp && query.request.wantsKeepalive)
        options.keepaliveTenths = QueryResponder::kKeepaliveTenths;
    options.subnet = query.subnet;
    return options;
}

} // namespace

AnswerDelivery::AnswerDelivery(asio::io_context& context,
                               const Snapshot<FrontSettings>::Reader& settings, Counters& counters,
                               RecordRing& records)
    : m_context(context)
    , m_settings(settings)
    , m_counters(counters)
    , m_records(records) {}

void AnswerDelivery::refuse(const ClientQuery& query, std::uint8_t code,
                            const ReplyOptions& options, const AnswerStory& story) {
    if (story.source == AnswerSource::Failed)
        m_counters.failed.add();
    const std::size_t octets =
        writeErrorReply(m_replyBuffer.octets(), query.request, query.name.bytes(), code,
                        optionsFor(query, options));
    deliver(query, octets, options.extendedError, story);
}

void AnswerDelivery::finish(const ClientQuery& query, std::size_t stored, ReplyOptions options,
                            const AnswerStory& story) {
    const std::size_t octets =
        finishReply(m_replyBuffer.octets(), stored, query.request, query.name.bytes(),
                    query.sizeLimit, optionsFor(query, options));
    deliver(query, octets, options.extendedError, story);
}

void AnswerDelivery::deliver(const ClientQuery& query, std::size_t octets,
                             std::uint16_t extendedError, const AnswerStory& story) {
    const Bytes reply = m_replyBuffer.first(octets);
    if (messageFlags(reply) & flag::kTruncated)
        m_counters.truncated.add();
    const auto took = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(bootMicros() - query.arrived, 0, 0xffffffff));
    if (story.source == AnswerSource::Cache)
        m_counters.hitTimes.add(took);
    else if (story.source != AnswerSource::Local)
        m_counters.missTimes.add(took);
    // Before the answer leaves: who has it finds it in the log.
    QueryRecord* kept = m_settings.get().recordQueries ? m_records.claim() : nullptr;
    const auto* sink = std::get_if<std::shared_ptr<ReplySink>>(&query.replyTo);
    QueryRecord& record = kept ? *kept : m_unkept;
    if (kept || sink) {
        fill(record, query, reply, story);
        record.durationMicros = took;
        record.extendedError = query.request.hasEdns ? extendedError : extended_error::kNone;
        m_records.publish();
    }
    if (const auto* udp = std::get_if<UdpReturn>(&query.replyTo))
        sendSoon(*udp, reply);
    else if (sink)
        (*sink)->reply(reply, record);
}

/// Answers that are ready within one turn of the event loop leave together.
void AnswerDelivery::sendSoon(const UdpReturn& to, Bytes reply) {
    const bool first = m_outbox.empty();
    if (m_outbox.add(to.socket, reply, to.peer))
        m_outbox.flush();
    else if (first)
        asio::post(m_context, [this] { m_outbox.flush(); });
}

void AnswerDelivery::fill(QueryRecord& record, const ClientQuery& query, Bytes reply,
                          const AnswerStory& story) const {
    fillRecord(record, query.request, query.name.bytes(), reply);
    record.unixMicros = query.arrivedUnix;
    record.client = query.client.address;
    record.clientPort = query.client.port;
    record.transport = query.transport;
    record.source = story.source;
    record.rule = story.rule;
    record.route = story.route;
    record.cacheAgeSeconds = story.cacheAge;
    record.ttlSeconds = story.ttl;
    record.upstreamId = QueryRecord::kNoUpstream;
    if (!story.outcome)
        return;
    if (story.outcome->answered)
        record.upstreamId = story.outcome->upstreamId;
    record.attemptCount = story.outcome->attemptCount;
    std::copy_n(story.outcome->attempts.begin(), record.attemptCount, record.attempts.begin());
}

} // namespace sotto::engine
