// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/response_cache.h"
#include "engine/query_record.h"
#include "observe/counters.h"
#include "observe/record_ring.h"
#include "observe/snapshot.h"
#include "wire/client_request.h"

#include <cstdint>

namespace sotto::engine {

/// What the listeners need of the configuration.
struct FrontSettings {
    bool forwarding = true;
};

/// The largest answer that leaves over UDP, whatever the client offers: no fragments.
inline constexpr std::size_t kMaxUdpAnswer = 1232;

/// Answers what can be answered at once: from the cache, or because it is no question to forward.
/// One object a thread. respond() allocates nothing, throws nothing and calls nothing virtual.
class QueryResponder {
public:
    /// Room that respond() needs for an answer over UDP.
    static constexpr std::size_t kUdpReplyRoom = 2048;

    enum class Outcome { Reply, Drop, Miss };
    struct Response {
        Outcome outcome = Outcome::Drop;
        AnswerSource source = AnswerSource::Local;
        std::uint16_t extendedError = 0xffff;
        std::size_t size = 0;      ///< octets of the reply
        std::size_t sizeLimit = 0; ///< that the answer to a Miss may have
    };

    QueryResponder(ResponseCache& cache, const Snapshot<FrontSettings>& settings,
                   Counters& counters, RecordRing& records);

    /// Call before a batch: reads the clocks, and the settings where they changed.
    void beginBatch();

    /// Answers one message. out has at least kUdpReplyRoom octets; over TCP it must have room for
    /// the largest message and OPT.
    Response respond(Bytes message, Transport transport, ClientRequest& request, MutableBytes out);

    /// Notes an answer that respond() gave, once it was handed to the socket: its times are from
    /// beginBatch() until now.
    void record(Bytes message, const ClientRequest& request, const Response& response, Bytes reply,
                Transport transport, const Endpoint& client, std::int64_t monotonicNow);

    std::int64_t batchMonotonic() const { return m_monotonic; }
    std::int64_t batchUnix() const { return m_unix; }
    Counters& counters() { return m_counters; }
    RecordRing& records() { return m_records; }

private:
    Response localReply(Bytes message, const ClientRequest& request, std::uint8_t code,
                        MutableBytes out, std::uint16_t extendedError = 0xffff);

    ResponseCache& m_cache;
    Snapshot<FrontSettings>::Reader m_settings;
    Counters& m_counters;
    RecordRing& m_records;
    std::int64_t m_monotonic = 0;
    std::int64_t m_unix = 0;
    std::uint32_t m_bootSeconds = 0;
};

/// The part of a record that follows from the request and the finished reply.
QueryRecord makeRecord(const ClientRequest& request, Bytes name, Bytes reply);

} // namespace sotto::engine
