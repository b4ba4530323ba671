// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/response_cache.h"
#include "engine/query_record.h"
#include "listen/client_query.h"
#include "observe/counters.h"
#include "observe/record_ring.h"
#include "observe/snapshot.h"
#include "rules/route_table.h"
#include "rules/special_names.h"
#include "wire/client_request.h"
#include "wire/reply.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace sotto::engine {

/// What the listeners need of the configuration.
struct FrontSettings {
    bool forwarding = true;
    SpecialNameSettings specialNames;
    bool recordQueries = true;
    bool passSubnets = false; ///< ClientSubnet::Mode::Pass
    /// Names that are asked elsewhere are not special; null where there are none.
    std::shared_ptr<const RouteTable> routes;
};

/// The largest answer that leaves over UDP, whatever the client offers: no fragments.
inline constexpr std::size_t kMaxUdpAnswer = 1232;

/// A TCP connection without a complete query for this long is closed (RFC 7766 §6.2.3).
inline constexpr std::chrono::seconds kTcpIdle{30};

/// Answers what can be answered at once: from the cache, because the name is special, or because
/// it is no question to forward. One object a thread. respond() allocates nothing, throws nothing
/// and calls nothing virtual.
class QueryResponder {
public:
    /// Room that respond() needs for an answer over UDP.
    static constexpr std::size_t kUdpReplyRoom = kMaxUdpAnswer + kMaxOptOctets;
    /// How long a TCP connection may idle, as its client is told (RFC 7828 §3.1).
    static constexpr std::uint16_t kKeepaliveTenths = kTcpIdle.count() * 10;

    enum class Outcome : std::uint8_t { Reply, Drop, Miss };
    struct Response {
        Outcome outcome = Outcome::Drop;
        AnswerSource source = AnswerSource::Local;
        bool refresh = false; ///< the answer has to be asked for anew, see refreshOf()
        std::uint16_t extendedError = extended_error::kNone;
        LocalRule rule = LocalRule::None;
        std::uint32_t cacheAge = 0; ///< seconds, where it comes from the cache
        std::uint32_t cacheTtl = 0;
        std::uint32_t size = 0;      ///< octets of the reply
        std::uint32_t sizeLimit = 0; ///< that the answer to a Miss may have
    };

    QueryResponder(ResponseCache& cache, const Snapshot<FrontSettings>& settings,
                   Counters& counters, RecordRing& records);

    /// Call before a batch: reads the clocks, and the settings where they changed.
    void beginBatch();

    /// Answers one message. out has at least kUdpReplyRoom octets; over TCP it must have room for
    /// the largest message and OPT.
    Response respond(Bytes message, Transport transport, ClientRequest& request, MutableBytes out);

    /// What the miss path needs of a Miss; who is to be answered is the caller's to add.
    ClientQuery missOf(Bytes message, const ClientRequest& request, const Response& response,
                       Transport transport) const;
    /// What the miss path needs to renew a kept answer.
    ClientQuery refreshOf(Bytes message, const ClientRequest& request) const;

    /// Notes an answer that respond() gave, for the log. Checks by programs are nobody's questions
    /// and stay out of it.
    void record(Bytes message, const ClientRequest& request, const Response& response, Bytes reply,
                Transport transport, const Endpoint& client, std::uint32_t durationMicros);
    bool recordsQueries() const { return m_settings.get().recordQueries; }
    /// Call when the answers were handed to the socket: notes how long these hits took, all since
    /// beginBatch(), and hands the records over.
    std::uint32_t microsInBatch() const;
    void endBatch(std::uint64_t hits, std::uint32_t durationMicros);

    Counters& counters() { return m_counters; }

private:
    /// The subnet that a client sent, where it is passed on.
    std::optional<SubnetOption> passedSubnet(Bytes message, const ClientRequest& request) const;
    Response localReply(Bytes message, const ClientRequest& request, std::uint8_t code,
                        LocalRule rule, MutableBytes out, ReplyOptions options);

    ResponseCache& m_cache;
    Snapshot<FrontSettings>::Reader m_settings;
    Counters& m_counters;
    RecordRing& m_records;
    std::int64_t m_bootMicros = 0;
    std::int64_t m_unixOffset = 0; ///< from boot to wall clock, read once a second
    std::uint32_t m_bootSeconds = 0;
};

/// Which rule a special name's answer follows.
LocalRule ruleOfSpecialName(const Question& question);
/// Whether the name is asked elsewhere, be it special.
inline bool isRouted(const FrontSettings& settings, const Question& question) {
    return settings.routes && settings.routes->claims(question.name.bytes());
}

/// The part of a record that follows from the request and the finished reply; all that an upstream
/// or the cache had to do with it is left out.
void fillRecord(QueryRecord& record, const ClientRequest& request, Bytes name, Bytes reply);

} // namespace sotto::engine
