// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream.h"

#include "observe/clocks.h"

#include <asio/post.hpp>

#include <algorithm>
#include <random>

namespace sotto::engine {

namespace {

constexpr std::int64_t kMilli = 1000;
constexpr std::int64_t kSecond = 1'000'000;

/// Routers and servers forget idle connections without a word; past this a new one is surer.
constexpr std::int64_t kReuseWithin = 20 * kSecond;
constexpr std::int64_t kQuietAfter = 10 * kSecond;
/// How far the boot clock may run ahead before the machine counts as having slept.
constexpr std::int64_t kSleepTolerance = kSecond;

/// After failures the next try waits, longer each time, but where nothing else works never longer
/// than this: being back at once after an outage is worth a handshake a second.
constexpr std::int64_t kFirstBackoff = 100 * kMilli;
constexpr std::int64_t kLongestBackoff = 60 * kSecond;
constexpr std::int64_t kLongestWhenAsked = 700 * kMilli;

std::int64_t withJitter(std::int64_t duration) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    return duration * std::uniform_int_distribution<std::int64_t>(75, 125)(random) / 100;
}

} // namespace

Upstream::Upstream(asio::io_context& context, std::uint32_t id, UpstreamConfig config,
                   std::shared_ptr<TlsContext> tls, Hooks hooks)
    : m_context(context)
    , m_id(id)
    , m_config(std::move(config))
    , m_tls(std::move(tls))
    , m_hooks(std::move(hooks)) {}

Upstream::~Upstream() {
    close();
}

void Upstream::close() {
    if (m_connection)
        std::exchange(m_connection, nullptr)->close();
    for (const auto& connection : std::exchange(m_retired, {}))
        connection->close();
}

bool Upstream::isStale(std::int64_t nowMicros) const {
    return m_connection->isIdle() &&
           (nowMicros - std::max(m_connection->lastReceived(), m_connection->lastUsed()) >
                kReuseWithin ||
            bootMicros() - nowMicros - m_sleepOffset > kSleepTolerance);
}

bool Upstream::hasUsableConnection() const {
    return m_connection && m_connection->isOpen();
}

bool Upstream::isQuiet(std::int64_t nowMicros) const {
    return hasUsableConnection() &&
           nowMicros - std::max(m_connection->lastReceived(), m_connection->openedAt()) >
               kQuietAfter;
}

bool Upstream::mayConnect(std::int64_t nowMicros) const {
    return m_connectFailures == 0 || nowMicros >= m_nextTry ||
           nowMicros - m_lastTry >= kLongestWhenAsked;
}

bool Upstream::isDueForProbe(std::int64_t nowMicros) const {
    return isFailing() && nowMicros >= m_nextTry && !isConnecting();
}

Upstream::Attempt Upstream::ask(const Question& question, ReplyHandler handler) {
    const std::int64_t now = monotonicMicros();
    if (m_connection && (isStale(now) || m_connection->isFull()))
        retireConnection();
    Attempt attempt;
    attempt.startedMicros = now;
    attempt.freshConnection = !hasUsableConnection();
    if (!m_connection && m_active && mayConnect(now))
        connect();
    if (m_silent && now >= m_nextTry)
        backOff();
    if (!m_connection) {
        const std::string reason = m_active ? m_lastError : "this provider is no longer in use";
        asio::post(m_context, [handler = std::move(handler), reason] {
            handler({UpstreamReply::Kind::NotConnected, {}, reason});
        });
        return attempt;
    }
    attempt.connection = m_connection;
    attempt.id = m_connection->send(question, std::move(handler));
    return attempt;
}

void Upstream::giveUp(const Attempt& attempt) {
    if (const auto connection = attempt.connection.lock())
        connection->abandon(attempt.id);
}

void Upstream::connect() {
    m_lastTry = monotonicMicros();
    m_sleepOffset = bootMicros() - m_lastTry;
    m_connection = std::make_shared<DotConnection>(m_context, *this);
    m_connection->open(m_config, m_tls);
    m_hooks.changed();
}

void Upstream::prepare() {
    const std::int64_t now = monotonicMicros();
    if (m_connection && isStale(now))
        retireConnection();
    if (!m_connection && mayConnect(now))
        connect();
}

void Upstream::retireConnection() {
    if (!m_connection)
        return;
    auto connection = std::exchange(m_connection, nullptr);
    if (connection->isIdle())
        connection->close();
    else
        m_retired.push_back(std::move(connection));
    m_hooks.changed();
}

void Upstream::noteSilence(const Attempt& attempt) {
    const auto connection = attempt.connection.lock();
    if (!connection || connection->lastReceived() >= attempt.startedMicros)
        return; // other queries are answered: it is this name that is slow
    ++m_failures;
    if (connection == m_connection && connection->isOpen())
        retireConnection();
    if (!std::exchange(m_silent, true))
        backOff();
    noteError(connection->isOpen()
                  ? "connected, but queries are not answered"
                  : "no answer on port " + std::to_string(m_config.port) + " so far");
}

void Upstream::noteAnswer(const Attempt& attempt) {
    const auto took = static_cast<double>(monotonicMicros() - attempt.startedMicros);
    ++m_answers;
    if (!attempt.freshConnection) // the handshake's time says nothing of the next answer
        m_smoothedRtt = m_smoothedRtt == 0 ? took : m_smoothedRtt * 7 / 8 + took / 8;
    const bool wasTrouble = isFailing() || !m_lastError.empty();
    m_silent = false;
    m_connectFailures = 0;
    m_backoff = 0;
    m_lastError.clear();
    if (wasTrouble)
        m_hooks.changed();
}

void Upstream::noteBadAnswer(const std::string& reason) {
    ++m_failures;
    noteError("unusable answer: " + reason);
}

void Upstream::noteError(const std::string& reason) {
    m_lastError = reason;
    m_lastErrorUnix = unixMicros() / kSecond;
    m_hooks.changed();
}

/// After a failure, or a try while failing: the next one later each time.
void Upstream::backOff() {
    m_backoff = m_backoff == 0 ? kFirstBackoff : std::min(m_backoff * 2, kLongestBackoff);
    m_nextTry = monotonicMicros() + withJitter(m_backoff);
}

void Upstream::connectionOpened(DotConnection& connection) {
    m_tlsVersion = connection.channel().tlsVersion();
    m_cipher = connection.channel().cipher();
    m_connectFailures = 0;
    if (!m_silent) {
        m_backoff = 0;
        m_lastError.clear();
    }
    m_hooks.changed();
}

void Upstream::connectionClosed(DotConnection& connection, const std::string& reason) {
    const auto isIt = [&](const auto& held) { return held.get() == &connection; };
    std::erase_if(m_retired, isIt);
    if (m_connection.get() != &connection)
        return;
    const bool wasOpened = m_connection->openedAt() != 0;
    m_connection = nullptr;
    if (wasOpened && (connection.isIdle() || connection.lastAnswered() != 0)) {
        m_hooks.changed(); // servers close idle connections: no fault of theirs
        return;
    }
    ++m_failures;
    if (wasOpened) { // one that shakes hands but takes no query is as good as silent
        m_silent = true;
        backOff();
        return noteError("the connection ended without an answer: " + reason);
    }
    ++m_connectFailures;
    backOff();
    noteError(reason);
}

void Upstream::connectionIdle(DotConnection& connection) {
    const auto isIt = [&](const auto& held) { return held.get() == &connection; };
    const auto found = std::find_if(m_retired.begin(), m_retired.end(), isIt);
    if (found == m_retired.end())
        return;
    // We may be inside the connection's own call. Until it is closed it may still tell us things,
    // even when we have left the configuration and nobody else holds us.
    asio::post(m_context, [self = shared_from_this(), gone = *found] { gone->close(); });
    m_retired.erase(found);
}

void Upstream::querySent(std::int64_t count) {
    m_queries += static_cast<std::uint64_t>(count);
    m_hooks.queriesSent(static_cast<std::uint64_t>(count));
}

UpstreamStatus Upstream::status() const {
    UpstreamStatus status;
    status.id = m_id;
    status.config = m_config;
    status.config.caPem.clear();
    if (isFailing())
        status.state = UpstreamStatus::State::Failing;
    else if (hasUsableConnection())
        status.state = UpstreamStatus::State::Ready;
    else if (isConnecting())
        status.state = UpstreamStatus::State::Connecting;
    status.tlsVersion = m_tlsVersion;
    status.cipher = m_cipher;
    status.smoothedRttMillis = m_smoothedRtt / 1000;
    status.queries = m_queries;
    status.answers = m_answers;
    status.failures = m_failures;
    status.lastError = m_lastError;
    status.lastErrorUnixSeconds = m_lastErrorUnix;
    return status;
}

} // namespace sotto::engine
