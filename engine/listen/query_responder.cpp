// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/query_responder.h"

#include "observe/clocks.h"
#include "rules/special_names.h"
#include "wire/question.h"

#include <algorithm>
#include <cstring>

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
    m_bootMicros = bootMicros();
    const std::uint32_t seconds = bootSecondsOf(m_bootMicros);
    if (seconds != m_bootSeconds) {
        m_bootSeconds = seconds;
        m_unixOffset = unixMicros() - m_bootMicros;
    }
}

std::optional<SubnetOption> QueryResponder::passedSubnet(Bytes message,
                                                         const ClientRequest& request) const {
    if (!m_settings.get().passSubnets || !request.hasSubnet())
        return std::nullopt;
    return readClientSubnet(request.subnet(message));
}

QueryResponder::Response QueryResponder::localReply(Bytes message, const ClientRequest& request,
                                                    std::uint8_t code, LocalRule rule,
                                                    MutableBytes out, ReplyOptions options) {
    Response response;
    response.outcome = Outcome::Reply;
    response.rule = rule;
    response.extendedError = request.hasEdns ? options.extendedError : extended_error::kNone;
    response.size = static_cast<std::uint32_t>(
        writeErrorReply(out, request, request.name(message), code, options));
    return response;
}

QueryResponder::Response QueryResponder::respond(Bytes message, Transport transport,
                                                 ClientRequest& request, MutableBytes out) {
    const RequestVerdict verdict = parseRequest(message, request);
    if (verdict == RequestVerdict::Drop) {
        m_counters.malformed.add();
        return {};
    }
    ReplyOptions options;
    if (transport == Transport::Udp) {
        m_counters.queriesUdp.add();
    } else {
        m_counters.queriesTcp.add();
        options.keepaliveTenths = request.wantsKeepalive ? kKeepaliveTenths : 0;
    }
    switch (verdict) {
    case RequestVerdict::Ask:
        break;
    case RequestVerdict::Refused:
        return localReply(message, request, rcode::kRefused, LocalRule::TypeRefused, out, options);
    case RequestVerdict::NotImp:
        m_counters.malformed.add();
        return localReply(message, request, rcode::kNotImp, LocalRule::TypeRefused, out, options);
    case RequestVerdict::BadVers:
        m_counters.malformed.add();
        return localReply(message, request, rcode::kBadVers, LocalRule::Malformed, out, options);
    case RequestVerdict::FormErr:
    case RequestVerdict::Drop:
        m_counters.malformed.add();
        return localReply(message, request, rcode::kFormErr, LocalRule::Malformed, out, options);
    }
    m_counters.countType(request.type);
    const FrontSettings& settings = m_settings.get();
    const bool isCheck = isCheckName(request.name(message));
    if (!settings.forwarding && !isCheck) {
        m_counters.refused.add();
        options.setOwnError(extended_error::kProhibited);
        return localReply(message, request, rcode::kRefused, LocalRule::ForwardingOff, out,
                          options);
    }

    options.subnet = passedSubnet(message, request);
    if (settings.passSubnets && request.hasSubnet() && !options.subnet) {
        m_counters.malformed.add();
        return localReply(message, request, rcode::kFormErr, LocalRule::Malformed, out, options);
    }

    Response response;
    response.sizeLimit = transport == Transport::Udp
                             ? std::min<std::uint32_t>(request.udpSize, kMaxUdpAnswer)
                             : kMaxMessageOctets;
    const Question question =
        makeQuestion(request.name(message), request.type, request.queryClass, request.dnssecOk,
                     request.checkingDisabled(), options.subnet);
    const MutableBytes room = out.first(out.size() - kMaxOptOctets);
    const ResponseCache::Found found =
        isCheck ? ResponseCache::Found{} : m_cache.copy(question, m_bootSeconds, room);
    std::size_t stored = found.octets;
    if (found) {
        response.source = found.stale ? AnswerSource::Stale : AnswerSource::Cache;
        response.refresh = found.refresh;
        response.cacheAge = found.ageSeconds;
        response.cacheTtl = found.ttlSeconds;
        options.extendedError = found.extendedError;
        if (found.stale) {
            options.setOwnError(found.extendedError);
            m_counters.staleAnswers.add();
        }
        m_counters.cacheHits.add();
    } else {
        if (isCheck || !isRouted(settings, question))
            stored = answerSpecialName(question, settings.specialNames, room);
        if (stored == 0) {
            response.outcome = Outcome::Miss;
            return response;
        }
        m_counters.localAnswers.add();
        response.rule = ruleOfSpecialName(question);
    }
    response.outcome = Outcome::Reply;
    response.extendedError = request.hasEdns ? options.extendedError : extended_error::kNone;
    response.size = static_cast<std::uint32_t>(
        finishReply(out, stored, request, request.name(message), response.sizeLimit, options));
    if (load16(&out[2]) & flag::kTruncated)
        m_counters.truncated.add();
    return response;
}

ClientQuery QueryResponder::missOf(Bytes message, const ClientRequest& request,
                                   const Response& response, Transport transport) const {
    ClientQuery query;
    query.request = request;
    const Bytes name = request.name(message);
    std::memcpy(query.name.octets.data(), name.data(), name.size());
    query.name.length = static_cast<std::uint8_t>(name.size());
    query.transport = transport;
    query.subnet = passedSubnet(message, request);
    query.sizeLimit = response.sizeLimit;
    query.arrived = m_bootMicros;
    query.arrivedUnix = m_bootMicros + m_unixOffset;
    return query;
}

ClientQuery QueryResponder::refreshOf(Bytes message, const ClientRequest& request) const {
    return missOf(message, request, {}, Transport::Internal);
}

void QueryResponder::record(Bytes message, const ClientRequest& request, const Response& response,
                            Bytes reply, Transport transport, const Endpoint& client,
                            std::uint32_t durationMicros) {
    if (response.rule == LocalRule::CheckName)
        return;
    QueryRecord* record = m_records.claim();
    if (!record)
        return;
    fillRecord(*record, request, request.name(message), reply);
    record->unixMicros = m_bootMicros + m_unixOffset;
    record->durationMicros = durationMicros;
    record->upstreamId = QueryRecord::kNoUpstream;
    record->client = client.address;
    record->clientPort = client.port;
    record->transport = transport;
    record->source = response.source;
    record->extendedError = response.extendedError;
    record->rule = response.rule;
    record->cacheAgeSeconds = response.cacheAge;
    record->ttlSeconds = response.cacheTtl;
}

std::uint32_t QueryResponder::microsInBatch() const {
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(bootMicros() - m_bootMicros, 0, 0xffffffff));
}

void QueryResponder::endBatch(std::uint64_t hits, std::uint32_t durationMicros) {
    if (hits > 0)
        m_counters.hitTimes.add(durationMicros, hits);
    m_records.publish();
}

LocalRule ruleOfSpecialName(const Question& question) {
    static const auto canary = nameFromText("use-application-dns.net");
    if (isCheckName(question.name.bytes()))
        return LocalRule::CheckName;
    return sameName(question.name.bytes(), canary->bytes()) ? LocalRule::BrowserCanary
                                                            : LocalRule::SpecialName;
}

void fillRecord(QueryRecord& record, const ClientRequest& request, Bytes name, Bytes reply) {
    record.rule = LocalRule::None;
    record.route = QueryRecord::kNoRoute;
    record.attemptCount = 0;
    record.cacheAgeSeconds = 0;
    record.ttlSeconds = 0;
    record.type = request.type;
    record.queryClass = request.queryClass;
    record.answerSize = static_cast<std::uint16_t>(reply.size());
    record.answerCount = answerCount(reply);
    record.rcode = static_cast<std::uint8_t>(messageFlags(reply) & flag::kRcodeMask);
    record.nameLength = static_cast<std::uint8_t>(name.size());
    std::copy(name.begin(), name.end(), record.name.begin());
}

} // namespace sotto::engine
