// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream_session.h"

#include "answer_plan.h"
#include "fast_open_syn.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::test {
namespace {

std::string peerOf(const asio::ip::tcp::socket& socket) {
    asio::error_code error;
    const auto peer = socket.remote_endpoint(error);
    return error ? std::string() : peer.address().to_string();
}

} // namespace

StreamSession::StreamSession(asio::ip::tcp::socket socket, ServerTls tls,
                             std::shared_ptr<ServerState> state,
                             std::shared_ptr<const ServerScript> script)
    : m_stream(std::make_shared<ServerStream>(std::move(socket), std::move(tls), script->helloDelay,
                                              script->helloGap))
    , m_state(std::move(state))
    , m_script(std::move(script))
    , m_client(peerOf(m_stream->socket()))
    , m_holdTimer(m_stream->socket().get_executor())
    , m_idleTimer(m_stream->socket().get_executor())
    , m_isPlain(!m_stream->tls().ssl) {
    SeenConnection seen;
    seen.client = m_client;
    seen.synData = cameWithSyn(m_stream->socket().native_handle());
    m_id = m_state->noteAccepted(std::move(seen));
}

StreamSession::~StreamSession() {
    close();
}

void StreamSession::start() {
    switch (m_script->atAccept) {
    case ServerScript::AtAccept::Close:
        return close();
    case ServerScript::AtAccept::Reset:
        return end(Behaviour::Ending::Reset);
    case ServerScript::AtAccept::Stall:
        return m_stream->startDiscarding([self = shared_from_this()] { self->close(); });
    case ServerScript::AtAccept::Serve:
        break;
    }
    ServerStream::Events events;
    events.handshakeEnded = [self = shared_from_this()](const std::string& failure) {
        self->handshakeEnded(failure);
    };
    events.received = [self = shared_from_this()](std::span<const std::uint8_t> octets,
                                                  bool early) { self->received(octets, early); };
    events.peerEnded = [self = shared_from_this()](PeerEnd how) {
        self->m_state->noteConnection(self->m_id,
                                      [how](SeenConnection& seen) { seen.peerEnd = how; });
        if (self->m_ending)
            self->close();
        else
            self->end(Behaviour::Ending::Close);
    };
    m_stream->start(std::move(events));
}

void StreamSession::handshakeEnded(const std::string& failure) {
    const bool seenBefore = !m_isPlain && !m_stream->tls().hello->ticket.empty() &&
                            m_state->noteTicket(m_stream->tls().hello->ticket);
    m_state->noteConnection(m_id, [&](SeenConnection& seen) {
        if (!m_isPlain)
            noteHandshake(m_stream->tls(), seen);
        seen.ticketSeenBefore = seenBefore;
        seen.handshakeDone = failure.empty();
        seen.failure = failure;
        seen.socketReads = m_stream->socketReads();
    });
    if (!failure.empty())
        return close();
    watchIdleness();
}

void StreamSession::received(std::span<const std::uint8_t> octets, bool early) {
    ++m_records;
    m_state->noteConnection(m_id, [&](SeenConnection& seen) {
        if (early) // its answer may be seen before the handshake's end
            noteHandshake(m_stream->tls(), seen);
        seen.records = m_records;
        seen.socketReads = m_stream->socketReads();
    });
    m_incoming.insert(m_incoming.end(), octets.begin(), octets.end());
    std::size_t at = 0;
    while (!m_closed && m_incoming.size() - at >= 2) {
        const std::size_t length = std::size_t{m_incoming[at]} << 8 | m_incoming[at + 1];
        if (m_incoming.size() - at - 2 < length)
            break;
        const auto begin = m_incoming.begin() + static_cast<std::ptrdiff_t>(at + 2);
        take(Bytes(begin, begin + static_cast<std::ptrdiff_t>(length)), early);
        at += length + 2;
    }
    m_incoming.erase(m_incoming.begin(), m_incoming.begin() + static_cast<std::ptrdiff_t>(at));
    watchIdleness();
    limitInFlight();
}

void StreamSession::take(Bytes raw, bool early) {
    SeenQuery query;
    query.connection = m_id;
    query.transport = m_isPlain ? SeenTransport::Tcp : SeenTransport::Tls;
    query.client = m_client;
    query.at = TestClock::now();
    query.early = early;
    query.record = m_records;
    query.message = Message::parse(raw, &query.parseError);
    query.raw = std::move(raw);
    ++m_inFlight;
    m_state->noteConnection(m_id, [&](SeenConnection& seen) {
        ++seen.queries;
        seen.earlyQueries += early ? 1 : 0;
        seen.mostInFlight = std::max(seen.mostInFlight, m_inFlight);
    });
    m_state->noteQuery(query);
    if (!m_ending)
        plan(query);
}

void StreamSession::plan(const SeenQuery& query) {
    const Behaviour behaviour = m_state->takeBehaviour(query.name());
    std::vector<Outgoing> outgoing;
    for (const Bytes& message : planAnswer(query, behaviour, *m_state))
        outgoing.push_back({framed(message)});
    if (behaviour.halfFrame && !outgoing.empty())
        outgoing.back().octets.resize(outgoing.back().octets.size() / 2);
    Behaviour::Ending ending = behaviour.ending;
    if (behaviour.halfFrame && ending == Behaviour::Ending::KeepOpen)
        ending = Behaviour::Ending::Close;
    if (outgoing.empty())
        outgoing.push_back({{}, ending, false});
    outgoing.back().ending = ending;

    if (behaviour.delay.count() == 0)
        return release(std::move(outgoing));
    auto timer = std::make_shared<asio::steady_timer>(m_holdTimer.get_executor(), behaviour.delay);
    timer->async_wait([self = shared_from_this(), timer,
                       late = std::move(outgoing)](asio::error_code error) mutable {
        if (!error && !self->m_ending)
            self->release(std::move(late));
    });
}

void StreamSession::release(std::vector<Outgoing> messages) {
    if (m_state->script()->reorder > 1)
        return holdBack(std::move(messages));
    for (const Outgoing& message : messages)
        send(message);
}

void StreamSession::holdBack(std::vector<Outgoing> messages) {
    const auto script = m_state->script();
    m_held.push_back(std::move(messages));
    if (m_held.size() >= script->reorder)
        return releaseHeld();
    m_holdTimer.expires_after(script->reorderWait);
    m_holdTimer.async_wait([self = shared_from_this()](asio::error_code error) {
        if (!error)
            self->releaseHeld();
    });
}

void StreamSession::releaseHeld() {
    m_holdTimer.cancel();
    const auto held = std::exchange(m_held, {});
    for (auto group = held.rbegin(); group != held.rend(); ++group)
        for (const Outgoing& message : *group)
            send(message);
}

void StreamSession::send(const Outgoing& message) {
    if (m_ending || m_sendsNoMore)
        return;
    m_sendsNoMore = message.ending != Behaviour::Ending::KeepOpen;
    if (message.octets.empty())
        return sent(message.ending, message.isAnswer);
    m_stream->write(message.octets,
                    [self = shared_from_this(), ending = message.ending,
                     isAnswer = message.isAnswer] { self->sent(ending, isAnswer); });
}

void StreamSession::sent(Behaviour::Ending ending, bool isAnswer) {
    if (m_ending)
        return;
    if (isAnswer) {
        ++m_answers;
        m_inFlight -= m_inFlight > 0 ? 1 : 0;
        m_state->noteConnection(m_id, [](SeenConnection& seen) { ++seen.answers; });
    }
    const auto script = m_state->script();
    if (ending != Behaviour::Ending::KeepOpen)
        return end(ending);
    if (script->closeAfterAnswers > 0 && m_answers >= script->closeAfterAnswers)
        return end(script->endingAfterAnswers);
    limitInFlight();
}

void StreamSession::limitInFlight() {
    const unsigned limit = m_state->script()->maxInFlight;
    if (!m_ending)
        m_stream->setReading(limit == 0 || m_inFlight < limit);
}

void StreamSession::watchIdleness() {
    const auto script = m_state->script();
    if (script->idleClose.count() == 0 || m_ending)
        return;
    m_idleTimer.expires_after(script->idleClose);
    m_idleTimer.async_wait(
        [self = shared_from_this(), how = script->idleEnding](asio::error_code error) {
            if (!error && !self->m_ending)
                self->end(how);
        });
}

void StreamSession::end(Behaviour::Ending ending) {
    if (m_closed || ending == Behaviour::Ending::KeepOpen)
        return;
    m_ending = true;
    asio::error_code ignored;
    switch (ending) {
    case Behaviour::Ending::KeepOpen:
        return;
    case Behaviour::Ending::Close:
        return m_stream->notifyClose([self = shared_from_this()] { self->close(); });
    case Behaviour::Ending::HalfClose:
        return m_stream->halfClose();
    case Behaviour::Ending::Reset:
        m_stream->socket().set_option(asio::socket_base::linger(true, 0), ignored);
        break;
    case Behaviour::Ending::CloseWithoutNotify:
        break;
    }
    close();
}

void StreamSession::close() {
    if (std::exchange(m_closed, true))
        return;
    m_ending = true;
    m_holdTimer.cancel();
    m_idleTimer.cancel();
    m_stream->close();
    m_state->noteConnection(m_id, [](SeenConnection& seen) {
        seen.open = false;
        seen.endedAt = TestClock::now();
    });
}

} // namespace sotto::test
