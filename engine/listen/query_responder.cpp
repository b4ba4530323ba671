// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/query_responder.h"

#include "observe/clocks.h"
#include "wire/question.h"
#include "wire/reply.h"

#include <algorithm>

namespace sotto::engine {

QueryResponder::QueryResponder(ResponseCache& cache, const Snapshot<FrontSettings>& settings,
                               Counters& counters, RecordRing& records)
    : m_cache(cache)
    , m_settings(settings)
    , m_counters(counters)
    , m_records(records) {
    beginBatch();
}

void QueryResponder::beginBatch() {
    m_settings.refresh();
    m_monotonic = monotonicMicros();
    m_unix = unixMicros();
    m_bootSeconds = bootSeconds();
}

QueryResponder::Response QueryResponder::localReply(Bytes message, const ClientRequest& request,
                                                    std::uint8_t code, MutableBytes out,
                                                    std::uint16_t extendedError) {
    Response response;
    response.outcome = Outcome::Reply;
    response.extendedError = request.hasEdns ? extendedError : extended_error::kNone;
    response.size = writeErrorReply(out, request, request.name(message), code, extendedError);
    return response;
}

QueryResponder::Response QueryResponder::respond(Bytes message, Transport transport,
                                                 ClientRequest& request, MutableBytes out) {
    const RequestVerdict verdict = parseRequest(message, request);
    if (verdict == RequestVerdict::Drop) {
        m_counters.malformed.add();
        return {};
    }
    (transport == Transport::Udp ? m_counters.queriesUdp : m_counters.queriesTcp).add();
    switch (verdict) {
    case RequestVerdict::Ask:
        break;
    case RequestVerdict::Refused:
        return localReply(message, request, rcode::kRefused, out);
    case RequestVerdict::NotImp:
        m_counters.malformed.add();
        return localReply(message, request, rcode::kNotImp, out);
    case RequestVerdict::BadVers:
        m_counters.malformed.add();
        return localReply(message, request, rcode::kBadVers, out);
    case RequestVerdict::FormErr:
    case RequestVerdict::Drop:
        m_counters.malformed.add();
        return localReply(message, request, rcode::kFormErr, out);
    }
    if (!m_settings.get().forwarding) {
        m_counters.refused.add();
        return localReply(message, request, rcode::kRefused, out, extended_error::kProhibited);
    }

    Response response;
    response.sizeLimit = transport == Transport::Udp
                             ? std::min<std::size_t>(request.udpSize, kMaxUdpAnswer)
                             : kMaxMessageOctets;
    const Question question = makeQuestion(request.name(message), request.type, request.queryClass,
                                           request.dnssecOk, request.checkingDisabled());
    const std::size_t stored =
        m_cache.copyFresh(question, m_bootSeconds, out.first(out.size() - kMaxOptOctets));
    if (stored == 0) {
        response.outcome = Outcome::Miss;
        return response;
    }
    m_counters.cacheHits.add();
    response.outcome = Outcome::Reply;
    response.source = AnswerSource::Cache;
    response.size = finishReply(out, stored, request, request.name(message), response.sizeLimit);
    if (load16(&out[2]) & flag::kTruncated)
        m_counters.truncated.add();
    return response;
}

void QueryResponder::record(Bytes message, const ClientRequest& request, const Response& response,
                            Bytes reply, Transport transport, const Endpoint& client,
                            std::int64_t monotonicNow) {
    const auto duration = static_cast<std::uint32_t>(
        std::max<std::int64_t>(0, std::min<std::int64_t>(monotonicNow - m_monotonic, 0xffffffff)));
    if (response.source == AnswerSource::Cache)
        m_counters.hitTimes.add(duration);
    QueryRecord record = makeRecord(request, request.name(message), reply);
    record.unixMicros = m_unix;
    record.durationMicros = duration;
    record.client = client.address;
    record.clientPort = client.port;
    record.transport = transport;
    record.source = response.source;
    record.extendedError = response.extendedError;
    m_records.push(record);
}

QueryRecord makeRecord(const ClientRequest& request, Bytes name, Bytes reply) {
    QueryRecord record;
    record.type = request.type;
    record.queryClass = request.queryClass;
    record.answerSize = static_cast<std::uint16_t>(reply.size());
    record.answerCount = answerCount(reply);
    record.rcode = static_cast<std::uint8_t>(messageFlags(reply) & flag::kRcodeMask);
    record.nameLength = static_cast<std::uint8_t>(name.size());
    std::copy(name.begin(), name.end(), record.name.begin());
    return record;
}

} // namespace sotto::engine
