// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/dot_connection.h"

#include "observe/clocks.h"
#include "wire/upstream_response.h"

#include <asio/post.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace sotto::engine {

namespace {

constexpr std::size_t kKeptRoom = std::size_t{64} << 10; // of buffers, while nothing is in them

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

DotConnection::DotConnection(asio::io_context& context, Owner& owner,
                             UpstreamQueryOptions queryOptions)
    : m_context(context)
    , m_owner(&owner)
    , m_queryOptions(queryOptions)
    , m_channel(std::make_shared<TlsChannel>(context, *this))
    , m_graceTimer(context) {}

void DotConnection::open(const Endpoint& endpoint, const UpstreamConfig& upstream,
                         std::shared_ptr<TlsContext> tls, TlsChannel::Options options) {
    m_channel->open(endpoint, upstream, std::move(tls), std::move(options));
}

std::uint16_t DotConnection::freeId() {
    for (;;) {
        if (const std::uint16_t id = randomId(); !m_queries.find(id))
            return id;
    }
}

std::int64_t DotConnection::lastActive() const {
    return std::max({m_openedAt, m_lastReceived, m_lastSent});
}

void DotConnection::send(PendingQuery& query) {
    const std::uint16_t id = freeId();
    m_queries.add(id, &query);
    query.m_holder = this;
    query.m_slot = id;
    query.way.address = m_channel->endpoint().address;
    ++m_wanted;
    UpstreamQueryOptions options = m_queryOptions;
    options.recursionDesired = query.recursionDesired;
    appendUpstreamQuery(m_unsent, id, query.question(), options);
    m_unsentIds.push_back(id);
    scheduleFlush();
}

void DotConnection::release(PendingQuery& query) {
    IdTable::Entry* entry = m_queries.find(static_cast<std::uint16_t>(query.m_slot));
    if (!entry || entry->query != &query)
        return;
    entry->query = nullptr;
    if (--m_wanted == 0 && m_owner)
        m_owner->connectionIdle(*this);
}

std::vector<PendingQuery*> DotConnection::takeBack() {
    std::vector<PendingQuery*> taken;
    for (const IdTable::Entry& entry : m_queries.takeAll()) {
        if (!entry.query)
            continue;
        entry.query->m_holder = nullptr;
        taken.push_back(entry.query);
    }
    m_unsent.clear();
    m_unsentIds.clear();
    m_wanted = 0;
    return taken;
}

void DotConnection::close() {
    m_owner = nullptr;
    m_open = false;
    takeBack();
    m_graceTimer.cancel();
    m_channel->close();
}

Bytes DotConnection::channelEarlyData(std::size_t limit) {
    m_owner->connectionTakesEarlyData(*this, limit);
    return m_unsent.size() <= limit ? Bytes(m_unsent) : Bytes();
}

void DotConnection::channelOpened(bool earlyDataAccepted) {
    m_open = true;
    m_openedAt = monotonicMicros();
    m_sleepMark.set(bootMicros(), m_openedAt);
    if (earlyDataAccepted) {
        markSent(ConnectionUse::EarlyData);
        m_unsent.clear();
    } // else what was to go early goes now
    const auto self = shared_from_this();
    m_owner->connectionOpened(*this);
    flush();
}

void DotConnection::scheduleFlush() {
    if (!m_open || m_flushScheduled)
        return;
    m_flushScheduled = true;
    asio::post(m_context, [self = shared_from_this()] {
        self->m_flushScheduled = false;
        self->flush();
    });
}

void DotConnection::markSent(ConnectionUse use) {
    m_lastSent = monotonicMicros();
    for (const std::uint16_t id : m_unsentIds) {
        IdTable::Entry* entry = m_queries.find(id);
        if (!entry)
            continue;
        entry->sent = true;
        if (!entry->query)
            continue;
        PendingQuery::Way& way = entry->query->way;
        way.sentAt = m_lastSent;
        // The connection may have been made ahead of the query.
        const bool isNew = way.waited || use == ConnectionUse::EarlyData;
        way.use = isNew ? use : ConnectionUse::Reused;
        if (way.use == ConnectionUse::Reused)
            continue;
        // Of a handshake that was under way already, only the end was waited for.
        const std::int64_t waited = m_lastSent - way.askedAt;
        way.tlsMicros = std::min<std::int64_t>(m_channel->facts().tlsMicros, waited);
        way.connectMicros =
            std::min<std::int64_t>(m_channel->facts().connectMicros, waited - way.tlsMicros);
    }
    m_owner->queriesSent(m_unsentIds.size());
    m_unsentIds.clear();
}

void DotConnection::flush() {
    if (!m_open || m_unsentIds.empty())
        return;
    const bool first = !std::exchange(m_flushed, true);
    markSent(!first                       ? ConnectionUse::Reused
             : m_channel->facts().resumed ? ConnectionUse::Resumed
                                          : ConnectionUse::New);
    m_channel->write(m_unsent);
    m_unsent.clear();
    if (m_unsent.capacity() > kKeptRoom)
        std::vector<std::uint8_t>().swap(m_unsent);
}

void DotConnection::channelReceived(Bytes bytes) {
    m_lastReceived = monotonicMicros();
    const auto self = shared_from_this();
    if (m_input.empty()) {
        const Bytes rest = bytes.subspan(takeMessages(bytes));
        m_input.assign(rest.begin(), rest.end());
    } else {
        m_input.insert(m_input.end(), bytes.begin(), bytes.end());
        const auto input = std::exchange(m_input, {});
        const Bytes rest = Bytes(input).subspan(takeMessages(input));
        m_input.assign(rest.begin(), rest.end());
    }
}

/// Gives how many octets were used up; all of them where the connection ended meanwhile.
std::size_t DotConnection::takeMessages(Bytes bytes) {
    std::size_t at = 0;
    while (m_owner && bytes.size() - at >= 2) {
        const std::size_t length = load16(&bytes[at]);
        if (bytes.size() - at - 2 < length)
            break;
        deliver(bytes.subspan(at + 2, length));
        at += 2 + length;
    }
    return m_owner ? at : bytes.size();
}

void DotConnection::deliver(Bytes message) {
    IdTable::Entry* entry =
        message.size() >= kHeaderOctets ? m_queries.find(messageId(message)) : nullptr;
    if (!entry || !entry->sent)
        return distrust();
    PendingQuery* query = entry->query;
    m_queries.remove(entry);
    m_lastAnswered = m_lastReceived;
    if (!query)
        return; // it comes too late for anybody
    --m_wanted;
    query->m_holder = nullptr;
    if (!isResponseTo(message, query->question()))
        distrust(); // first, for what the query does next must not come this way
    query->replied({UpstreamReply::Kind::Answer, message, AttemptOutcome::Answered, {}});
    if (m_wanted == 0 && m_owner)
        m_owner->connectionIdle(*this);
}

bool DotConnection::hasNamesInFlight(std::size_t count) const {
    std::vector<Bytes> names;
    m_queries.visitWhile([&](const PendingQuery& query) {
        const Bytes name = query.question().name.bytes();
        const auto isIt = [&](Bytes other) { return std::ranges::equal(name, other); };
        if (std::ranges::none_of(names, isIt))
            names.push_back(name);
        return names.size() < count;
    });
    return names.size() >= count;
}

void DotConnection::distrust() {
    if (!m_owner)
        return;
    if (++m_strangers >= kMaxStrangers || m_wanted == 0)
        return end();
    if (m_strangers > 1)
        return;
    m_graceTimer.expires_after(kDistrustGrace);
    m_graceTimer.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (!cancelled && self->m_owner)
            self->end();
    });
    m_owner->connectionDistrusted(*this);
}

void DotConnection::end() {
    m_channel->close();
    channelClosed(AttemptOutcome::BadAnswer, "the server sent what answers no query");
}

void DotConnection::channelSession(SSL_SESSION* session) {
    if (m_owner)
        m_owner->connectionGotSession(*this, session);
}

void DotConnection::channelClosed(AttemptOutcome outcome, const std::string& reason) {
    m_open = false;
    m_graceTimer.cancel();
    const auto self = shared_from_this();
    Owner* owner = std::exchange(m_owner, nullptr);
    if (owner)
        owner->connectionClosed(*this, outcome, reason);
    auto queries = takeBack();
    for (PendingQuery* query : queries)
        query->way.othersAnswered = m_lastAnswered != 0 && m_lastAnswered >= query->way.askedAt;
    PendingQuery::replyToAll(std::move(queries), {UpstreamReply::Kind::Lost, {}, outcome, reason});
}

} // namespace sotto::engine
