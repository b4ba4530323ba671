// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/plain_server.h"

#include "asio_endpoint.h"
#include "observe/clocks.h"
#include "wire/upstream_query.h"
#include "wire/upstream_response.h"

#include <asio/ip/udp.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace sotto::engine {

namespace {

constexpr std::chrono::milliseconds kResendAfter{800};
constexpr unsigned kMaxSent = 3;
constexpr std::size_t kMaxDatagram = 4096;

} // namespace

/// One query, over UDP and then perhaps TCP.
class PlainServer::Conversation : public std::enable_shared_from_this<Conversation> {
public:
    Conversation(PlainServer& server, PendingQuery& query, const Endpoint& to)
        : m_server(&server)
        , m_query(&query)
        , m_to(to)
        , m_udp(server.m_context)
        , m_tcp(server.m_context)
        , m_timer(server.m_context) {
        std::uint16_t id = 0;
        RAND_bytes(reinterpret_cast<unsigned char*>(&id), sizeof id);
        UpstreamQueryOptions options;
        options.keepalive = false; // over UDP it must not be sent (RFC 7828 §3.2.1)
        options.padding = false;
        options.recursionDesired = query.recursionDesired;
        if (server.m_subnet.mode == ClientSubnet::Mode::Fixed)
            options.subnet = server.m_subnet;
        appendUpstreamQuery(m_framed, id, query.question(), options);
        m_id = id;
    }

    PendingQuery* query() const { return m_query; }

    void start(bool overTcp) {
        const auto error = overTcp ? startTcp() : startUdp();
        if (error)
            asio::post(m_timer.get_executor(),
                       [self = shared_from_this(), error] { self->fail(error); });
    }

    void refuse(const char* reason) {
        if (m_server)
            end({UpstreamReply::Kind::NotSent, {}, AttemptOutcome::SystemFailure, reason});
    }

    void leave() {
        m_server = nullptr;
        m_timer.cancel();
        asio::error_code ignored;
        m_udp.close(ignored);
        m_tcp.close(ignored);
    }

private:
    template <class Socket>
    asio::error_code open(Socket& socket) {
        asio::error_code error;
        socket.open(m_to.address.isV6 ? Socket::protocol_type::v6() : Socket::protocol_type::v4(),
                    error);
        const auto& source = m_to.address.isV6 ? m_server->m_sourceV6 : m_server->m_sourceV4;
        if (!error && source)
            socket.bind({toAsio(Endpoint{*source, 0}).address(), 0}, error);
        return error;
    }

    asio::error_code startUdp() {
        asio::error_code error = open(m_udp);
        // Connected, so that only the server's datagrams come, and news that it is not there.
        const auto to = toAsio(m_to);
        if (!error)
            m_udp.connect({to.address(), to.port()}, error);
        if (error)
            return error;
        m_input.resize(kMaxDatagram);
        sendDatagram();
        receiveDatagram();
        return {};
    }

    void sendDatagram() {
        asio::error_code error;
        m_udp.send(asio::buffer(&m_framed[2], m_framed.size() - 2), 0, error);
        noteSent();
        if (m_sent == 1)
            m_server->leaveAddress(m_to.address); // those that come later had better ask elsewhere
        if (++m_sent >= kMaxSent)
            return;
        m_timer.expires_after(kResendAfter * m_sent);
        m_timer.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
            if (!cancelled && self->m_server && self->m_udp.is_open() && self->m_query->mayResend())
                self->sendDatagram();
        });
    }

    void noteSent() {
        if (m_query->way.sentAt != 0)
            ++m_query->way.resent;
        m_query->way.sentAt = monotonicMicros();
        m_query->way.address = m_to.address;
        m_query->way.use = ConnectionUse::Plain;
        if (m_server->m_hooks.sent)
            m_server->m_hooks.sent(1);
    }

    void receiveDatagram() {
        m_udp.async_receive(
            asio::buffer(m_input),
            [self = shared_from_this()](const asio::error_code& error, std::size_t octets) {
                if (!self->m_server)
                    return;
                if (error)
                    return self->fail(error);
                const Bytes message = Bytes(self->m_input).first(octets);
                // What does not fit may be forged; the true one may still come (RFC 5452 §9.1).
                if (!self->isAnswer(message))
                    return self->receiveDatagram();
                if ((messageFlags(message) & flag::kTruncated) == 0)
                    return self->answer(message);
                asio::error_code ignored;
                self->m_udp.close(ignored);
                self->m_timer.cancel();
                self->start(true);
            });
    }

    asio::error_code startTcp() {
        if (const auto error = open(m_tcp))
            return error;
        m_tcp.async_connect(toAsio(m_to),
                            [self = shared_from_this()](const asio::error_code& error) {
                                if (!self->m_server)
                                    return;
                                if (error)
                                    return self->fail(error);
                                self->noteSent();
                                self->sendFramed();
                            });
        return {};
    }

    void sendFramed() {
        asio::async_write(m_tcp, asio::buffer(m_framed),
                          [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                              if (error && self->m_server)
                                  self->fail(error);
                          });
        asio::async_read(m_tcp, asio::buffer(m_length),
                         [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                             if (!self->m_server)
                                 return;
                             if (error)
                                 return self->fail(error);
                             self->readFramed();
                         });
    }

    void readFramed() {
        m_input.resize(load16(m_length.data()));
        asio::async_read(m_tcp, asio::buffer(m_input),
                         [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                             if (!self->m_server)
                                 return;
                             if (error)
                                 return self->fail(error);
                             if (self->isAnswer(self->m_input))
                                 return self->answer(self->m_input);
                             self->end({UpstreamReply::Kind::Lost,
                                        {},
                                        AttemptOutcome::BadAnswer,
                                        "the answer to another question"});
                         });
    }

    bool isAnswer(Bytes message) const {
        return message.size() >= kHeaderOctets && messageId(message) == m_id &&
               isResponseTo(message, m_query->question());
    }

    void answer(Bytes message) {
        end({UpstreamReply::Kind::Answer, message, AttemptOutcome::Answered, {}});
    }

    void fail(const asio::error_code& error) {
        if (!m_server)
            return;
        const std::string reason = "cannot be reached: " + error.message();
        end({UpstreamReply::Kind::NotSent,
             {},
             error == asio::error::connection_refused ? AttemptOutcome::Refused
                                                      : AttemptOutcome::Unreachable,
             reason});
    }

    void end(const UpstreamReply& reply) {
        const auto self = shared_from_this();
        m_server->finished(*this, reply);
    }

    PlainServer* m_server; ///< null once over
    PendingQuery* m_query;
    Endpoint m_to;
    asio::ip::udp::socket m_udp;
    asio::ip::tcp::socket m_tcp;
    asio::steady_timer m_timer;
    std::uint16_t m_id = 0;
    unsigned m_sent = 0;
    std::vector<std::uint8_t> m_framed; ///< the query, with its length in front
    std::array<std::uint8_t, 2> m_length{};
    std::vector<std::uint8_t> m_input;
};

PlainServer::PlainServer(asio::io_context& context, const UpstreamConfig& config, Hooks hooks)
    : m_context(context)
    , m_config(config)
    , m_hooks(std::move(hooks)) {}

PlainServer::~PlainServer() {
    close();
}

void PlainServer::setForward(const ForwardConfig& forward) {
    m_subnet = forward.clientSubnet;
    m_sourceV4 = forward.sourceAddressV4;
    m_sourceV6 = forward.sourceAddressV6;
}

void PlainServer::ask(PendingQuery& query) {
    const Endpoint to{m_config.addresses[m_address], m_config.port};
    auto conversation = std::make_shared<Conversation>(*this, query, to);
    query.m_holder = this;
    query.m_slot = m_conversations.size();
    m_conversations.push_back(conversation);
    if (m_conversations.size() <= kMaxInFlight)
        return conversation->start(m_config.protocol == Protocol::Tcp);
    asio::post(m_context, [conversation] {
        conversation->refuse("too many queries are on their way to this server");
    });
}

void PlainServer::release(PendingQuery& query) {
    const std::size_t slot = query.m_slot;
    m_conversations[slot]->leave();
    m_conversations[slot] = m_conversations.back();
    m_conversations[slot]->query()->m_slot = slot;
    m_conversations.pop_back();
}

void PlainServer::leaveAddress(const IpAddress& address) {
    if (m_config.addresses[m_address] == address)
        m_address = (m_address + 1) % m_config.addresses.size();
}

void PlainServer::finished(Conversation& conversation, const UpstreamReply& reply) {
    PendingQuery& query = *conversation.query();
    if (reply.kind != UpstreamReply::Kind::Answer &&
        reply.outcome != AttemptOutcome::SystemFailure) {
        leaveAddress(query.way.address);
        if (m_hooks.failed)
            m_hooks.failed(reply.outcome, std::string(reply.reason));
    }
    release(query);
    query.m_holder = nullptr;
    query.replied(reply);
}

void PlainServer::close() {
    for (const auto& conversation : std::exchange(m_conversations, {})) {
        conversation->query()->m_holder = nullptr;
        conversation->leave();
    }
}

} // namespace sotto::engine
