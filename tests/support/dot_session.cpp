// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_session.h"

#include "answer_plan.h"
#include "server_tls.h"

#include <asio/read.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::test {
namespace {

constexpr std::chrono::milliseconds kCloseWait{50};

Bytes framed(std::span<const std::uint8_t> message) {
    Bytes frame;
    frame.reserve(message.size() + 2);
    frame.push_back(static_cast<std::uint8_t>(message.size() >> 8));
    frame.push_back(static_cast<std::uint8_t>(message.size() & 0xff));
    frame.insert(frame.end(), message.begin(), message.end());
    return frame;
}

} // namespace

DotSession::DotSession(asio::ip::tcp::socket socket, asio::ssl::context tls,
                       std::shared_ptr<ServerState> state,
                       std::shared_ptr<const ServerScript> script)
    : m_tls(std::move(tls))
    , m_stream(std::move(socket), m_tls)
    , m_state(std::move(state))
    , m_script(std::move(script))
    , m_id(m_state->noteAccepted())
    , m_holdTimer(m_stream.get_executor())
    , m_idleTimer(m_stream.get_executor())
    , m_closeTimer(m_stream.get_executor()) {
    asio::error_code ignored;
    m_stream.lowest_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
}

DotSession::~DotSession() {
    m_state->noteConnection(m_id, [](SeenConnection& seen) { seen.open = false; });
}

void DotSession::start() {
    switch (m_script->atAccept) {
    case ServerScript::AtAccept::Close:
        return close();
    case ServerScript::AtAccept::Reset:
        return end(Behaviour::Ending::Reset);
    case ServerScript::AtAccept::Stall:
        return readAndDiscard();
    case ServerScript::AtAccept::Serve:
        break;
    }
    m_stream.async_handshake(
        asio::ssl::stream_base::server, [self = shared_from_this()](asio::error_code error) {
            self->m_state->noteConnection(self->m_id, [&](SeenConnection& seen) {
                noteHandshake(self->m_stream.native_handle(), seen);
                seen.handshakeDone = !error;
                seen.failure = error ? error.message() : std::string();
            });
            if (error)
                return self->close();
            self->watchIdleness();
            self->readLength();
        });
}

void DotSession::readAndDiscard() {
    m_incoming.resize(4096);
    m_stream.next_layer().async_read_some(
        asio::buffer(m_incoming), [self = shared_from_this()](asio::error_code error, std::size_t) {
            if (error)
                self->close();
            else
                self->readAndDiscard();
        });
}

void DotSession::readLength() {
    asio::async_read(m_stream, asio::buffer(m_length),
                     [self = shared_from_this()](asio::error_code error, std::size_t) {
                         if (!error)
                             self->readMessage(std::size_t{self->m_length[0]} << 8 |
                                               self->m_length[1]);
                         else if (!self->m_ending)
                             self->end(Behaviour::Ending::Close);
                     });
}

void DotSession::readMessage(std::size_t length) {
    m_incoming.resize(length);
    asio::async_read(m_stream, asio::buffer(m_incoming),
                     [self = shared_from_this()](asio::error_code error, std::size_t) {
                         if (error) {
                             if (!self->m_ending)
                                 self->end(Behaviour::Ending::Close);
                             return;
                         }
                         self->take(std::exchange(self->m_incoming, {}));
                         self->watchIdleness();
                         if (!self->m_closed)
                             self->readLength();
                     });
}

void DotSession::take(Bytes raw) {
    SeenQuery query;
    query.connection = m_id;
    query.at = TestClock::now();
    query.message = Message::parse(raw, &query.parseError);
    query.raw = std::move(raw);
    ++m_inFlight;
    m_state->noteConnection(m_id, [&](SeenConnection& seen) {
        ++seen.queries;
        seen.mostInFlight = std::max(seen.mostInFlight, m_inFlight);
    });
    m_state->noteQuery(query);
    if (!m_ending)
        plan(query);
}

void DotSession::plan(const SeenQuery& query) {
    const Behaviour behaviour = m_state->takeBehaviour(query.name());
    std::vector<Bytes> messages;
    const Responder responder = m_state->responder();
    std::optional<Bytes> own = responder ? responder(query) : std::nullopt;
    if (!own)
        messages = planAnswer(query, behaviour, *m_state->zones());
    else if (!own->empty())
        messages.push_back(std::move(*own));

    std::vector<Outgoing> outgoing;
    for (const Bytes& message : messages)
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
    auto timer = std::make_shared<asio::steady_timer>(m_stream.get_executor(), behaviour.delay);
    timer->async_wait([self = shared_from_this(), timer,
                       late = std::move(outgoing)](asio::error_code error) mutable {
        if (!error && !self->m_ending)
            self->release(std::move(late));
    });
}

void DotSession::release(std::vector<Outgoing> messages) {
    if (m_state->script()->reorder > 1)
        return holdBack(std::move(messages));
    for (Outgoing& message : messages)
        send(std::move(message));
}

void DotSession::holdBack(std::vector<Outgoing> messages) {
    const auto script = m_state->script();
    m_held.push_back({std::move(messages)});
    if (m_held.size() >= script->reorder)
        return releaseHeld();
    m_holdTimer.expires_after(script->reorderWait);
    m_holdTimer.async_wait([self = shared_from_this()](asio::error_code error) {
        if (!error)
            self->releaseHeld();
    });
}

void DotSession::releaseHeld() {
    m_holdTimer.cancel();
    std::vector<Held> held = std::exchange(m_held, {});
    for (auto group = held.rbegin(); group != held.rend(); ++group)
        for (Outgoing& message : group->messages)
            send(std::move(message));
}

void DotSession::send(Outgoing message) {
    m_outgoing.push_back(std::move(message));
    if (m_outgoing.size() == 1)
        writeNext();
}

void DotSession::writeNext() {
    asio::async_write(m_stream, asio::buffer(m_outgoing.front().octets),
                      [self = shared_from_this()](asio::error_code error, std::size_t) {
                          if (error)
                              return self->close();
                          if (self->m_ending)
                              return;
                          const Outgoing done = std::move(self->m_outgoing.front());
                          self->m_outgoing.pop_front();
                          if (done.isAnswer) {
                              ++self->m_answers;
                              self->m_inFlight -= self->m_inFlight > 0 ? 1 : 0;
                              self->m_state->noteConnection(
                                  self->m_id, [](SeenConnection& seen) { ++seen.answers; });
                          }
                          const unsigned limit = self->m_state->script()->closeAfterAnswers;
                          if (done.ending != Behaviour::Ending::KeepOpen)
                              return self->end(done.ending);
                          if (limit > 0 && self->m_answers >= limit)
                              return self->end(Behaviour::Ending::Close);
                          if (!self->m_outgoing.empty())
                              self->writeNext();
                      });
}

void DotSession::watchIdleness() {
    const auto limit = m_state->script()->idleClose;
    if (limit.count() == 0 || m_ending)
        return;
    m_idleTimer.expires_after(limit);
    m_idleTimer.async_wait([self = shared_from_this()](asio::error_code error) {
        if (!error && !self->m_ending)
            self->end(Behaviour::Ending::Close);
    });
}

void DotSession::end(Behaviour::Ending ending) {
    if (m_closed || ending == Behaviour::Ending::KeepOpen)
        return;
    m_ending = true;
    asio::error_code ignored;
    auto& socket = m_stream.next_layer();
    if (ending == Behaviour::Ending::Reset)
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
    if (ending != Behaviour::Ending::Close)
        return close();
    m_stream.async_shutdown([self = shared_from_this()](asio::error_code) { self->close(); });
    m_closeTimer.expires_after(kCloseWait); // for the peer's own close_notify
    m_closeTimer.async_wait([self = shared_from_this()](asio::error_code error) {
        if (!error)
            self->close();
    });
}

void DotSession::close() {
    if (std::exchange(m_closed, true))
        return;
    m_ending = true;
    m_holdTimer.cancel();
    m_idleTimer.cancel();
    m_closeTimer.cancel();
    asio::error_code ignored;
    m_stream.next_layer().close(ignored);
    m_state->noteConnection(m_id, [](SeenConnection& seen) { seen.open = false; });
}

} // namespace sotto::test
