// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/dot_connection.h"

#include "observe/clocks.h"
#include "wire/upstream_query.h"

#include <asio/post.hpp>
#include <openssl/rand.h>

namespace sotto::engine {

namespace {

constexpr unsigned kMaxStrangers = 16; // answers to nothing, before the server is left

/// Unpredictable 16-bit numbers, drawn from OpenSSL in bulk.
std::uint16_t randomId() {
    static thread_local std::array<std::uint16_t, 256> pool;
    static thread_local std::size_t left = 0;
    if (left == 0) {
        RAND_bytes(reinterpret_cast<unsigned char*>(pool.data()), sizeof pool);
        left = pool.size();
    }
    return pool[--left];
}

} // namespace

DotConnection::DotConnection(asio::io_context& context, Owner& owner)
    : m_context(context)
    , m_owner(&owner)
    , m_channel(std::make_shared<TlsChannel>(context, *this)) {}

void DotConnection::open(const UpstreamConfig& upstream, std::shared_ptr<TlsContext> tls) {
    m_lastUsed = monotonicMicros();
    m_channel->open(upstream, std::move(tls));
}

std::uint16_t DotConnection::freeId() const {
    for (;;) {
        if (const std::uint16_t id = randomId(); !m_queries.contains(id))
            return id;
    }
}

std::uint16_t DotConnection::send(const Question& question, ReplyHandler handler) {
    const std::uint16_t id = freeId();
    m_queries.emplace(id, PendingQuery{std::move(handler), false});
    ++m_wanted;
    m_lastUsed = monotonicMicros();
    appendUpstreamQuery(m_unsent, id, question);
    m_unsentIds.push_back(id);
    scheduleFlush();
    return id;
}

void DotConnection::abandon(std::uint16_t id) {
    const auto found = m_queries.find(id);
    if (found == m_queries.end() || !found->second.handler)
        return;
    found->second.handler = nullptr;
    if (--m_wanted == 0 && m_owner)
        m_owner->connectionIdle(*this);
}

void DotConnection::close() {
    m_owner = nullptr;
    m_open = false;
    m_queries.clear();
    m_wanted = 0;
    m_channel->close();
}

void DotConnection::channelOpened() {
    m_open = true;
    m_openedAt = m_lastUsed = monotonicMicros();
    const auto self = shared_from_this();
    m_owner->connectionOpened(*this);
    flush();
}

/// Queries that come within one turn of the event loop leave in one TLS record.
void DotConnection::scheduleFlush() {
    if (!m_open || m_flushScheduled)
        return;
    m_flushScheduled = true;
    asio::post(m_context, [self = shared_from_this()] {
        self->m_flushScheduled = false;
        self->flush();
    });
}

void DotConnection::flush() {
    if (!m_open || m_unsentIds.empty())
        return;
    for (const std::uint16_t id : m_unsentIds) {
        if (const auto found = m_queries.find(id); found != m_queries.end())
            found->second.sent = true;
    }
    m_owner->querySent(static_cast<std::int64_t>(m_unsentIds.size()));
    m_unsentIds.clear();
    const auto unsent = std::exchange(m_unsent, {});
    m_channel->write(unsent);
}

void DotConnection::channelReceived(Bytes bytes) {
    m_lastReceived = monotonicMicros();
    m_input.insert(m_input.end(), bytes.begin(), bytes.end());
    const auto self = shared_from_this();
    std::size_t at = 0;
    while (m_owner && m_input.size() - at >= 2) {
        const std::size_t length = load16(&m_input[at]);
        if (m_input.size() - at - 2 < length)
            break;
        if (!deliver(Bytes(m_input).subspan(at + 2, length))) {
            m_channel->close();
            channelClosed("the server sent what answers no query");
            return;
        }
        at += 2 + length;
    }
    m_input.erase(m_input.begin(), m_input.begin() + static_cast<std::ptrdiff_t>(at));
}

bool DotConnection::deliver(Bytes message) {
    const auto found =
        message.size() >= kHeaderOctets ? m_queries.find(messageId(message)) : m_queries.end();
    if (found == m_queries.end() || !found->second.sent)
        return ++m_strangers < kMaxStrangers;
    m_lastAnswered = m_lastReceived;
    const ReplyHandler handler = std::move(found->second.handler);
    m_queries.erase(found);
    if (!handler)
        return true; // it comes too late for anybody
    --m_wanted;
    handler({UpstreamReply::Kind::Answer, message, {}});
    if (m_wanted == 0 && m_owner)
        m_owner->connectionIdle(*this);
    return true;
}

void DotConnection::channelClosed(const std::string& reason) {
    m_open = false;
    const auto self = shared_from_this();
    Owner* owner = std::exchange(m_owner, nullptr);
    const auto queries = std::exchange(m_queries, {});
    if (owner)
        owner->connectionClosed(*this, reason);
    m_wanted = 0;
    for (const auto& [id, query] : queries) {
        if (query.handler)
            query.handler(
                {m_openedAt != 0 ? UpstreamReply::Kind::Lost : UpstreamReply::Kind::NotConnected,
                 {},
                 reason});
    }
}

} // namespace sotto::engine
