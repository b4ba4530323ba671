// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forward/exchange.h"
#include "listen/client_query.h"
#include "listen/message_buffer.h"
#include "listen/query_responder.h"
#include "listen/udp_outbox.h"
#include "observe/counters.h"
#include "observe/record_ring.h"
#include "observe/snapshot.h"
#include "wire/reply.h"

#include <asio/io_context.hpp>

#include <cstddef>
#include <cstdint>

namespace sotto::engine {

/// How an answer came about, for its record.
struct AnswerStory {
    AnswerSource source = AnswerSource::Local;
    LocalRule rule = LocalRule::None;
    std::uint8_t route = QueryRecord::kNoRoute;
    std::uint32_t cacheAge = 0;
    std::uint32_t ttl = 0;
    const Exchange::Outcome* outcome = nullptr; ///< of the upstreams, where they were asked
};

/// Brings answers to those who asked, in the form that each of them can take, counts them and
/// writes their records. Resolver thread only; the answers to datagrams leave together, those of
/// one turn of the event loop in a batch.
class AnswerDelivery {
public:
    AnswerDelivery(asio::io_context& context, const Snapshot<FrontSettings>::Reader& settings,
                   Counters& counters, RecordRing& records);

    /// Where the stored form of an answer is to be put before finish(); what was there is gone with
    /// the next call of either.
    MutableBytes room() { return m_replyBuffer.octets(); }
    /// Finishes the answer of so many octets in room() for this client, and sends it.
    void finish(const ClientQuery& query, std::size_t stored, ReplyOptions options,
                const AnswerStory& story);
    /// Sends an answer without records, and with an extended error of our own.
    void refuse(const ClientQuery& query, std::uint8_t code, std::uint16_t extendedError,
                const AnswerStory& story) {
        refuse(query, code, ownError(extendedError), story);
    }
    void refuse(const ClientQuery& query, std::uint8_t code, const ReplyOptions& options,
                const AnswerStory& story);

private:
    void deliver(const ClientQuery& query, std::size_t octets, std::uint16_t extendedError,
                 const AnswerStory& story);
    void sendSoon(const UdpReturn& to, Bytes reply);
    void fill(QueryRecord& record, const ClientQuery& query, Bytes reply,
              const AnswerStory& story) const;

    asio::io_context& m_context;
    const Snapshot<FrontSettings>::Reader& m_settings;
    Counters& m_counters;
    RecordRing& m_records;
    MessageBuffer m_replyBuffer;
    UdpOutbox m_outbox;
    QueryRecord m_unkept; ///< for those who ask from within, where records are not kept
};

} // namespace sotto::engine
