// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_listener.h"

#include "observe/clocks.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::engine {

/// A batch of datagrams and their answers, with all buffers in place.
class UdpListener::Batch {
public:
    Batch(QueryResponder& responder, MissSink& misses)
        : m_responder(responder)
        , m_misses(misses) {
        for (std::size_t i = 0; i < kSize; ++i) {
            m_receiveParts[i] = {m_queries[i].data(), m_queries[i].size()};
            m_receive[i].msg_hdr = {};
            m_receive[i].msg_hdr.msg_iov = &m_receiveParts[i];
            m_receive[i].msg_hdr.msg_iovlen = 1;
        }
    }

    /// Serves one batch; false where nothing is left to read.
    bool serve(const std::shared_ptr<UdpSocket>& socket) {
        for (std::size_t i = 0; i < kSize; ++i) {
            msghdr& header = m_receive[i].msg_hdr;
            header.msg_name = m_peers[i].address.data();
            header.msg_namelen = static_cast<socklen_t>(m_peers[i].address.size());
            header.msg_control = socket->isWildcard() ? m_peers[i].control.data() : nullptr;
            header.msg_controllen = socket->isWildcard() ? m_peers[i].control.size() : 0;
        }
        const int received =
            ::recvmmsg(socket->descriptor(), m_receive.data(), kSize, MSG_DONTWAIT, nullptr);
        if (received <= 0)
            return received < 0 && errno == EINTR;
        m_responder.beginBatch();
        m_replies = 0;
        for (int i = 0; i < received; ++i)
            answer(static_cast<std::size_t>(i), socket);
        send(socket->descriptor());
        if (!m_missed.empty())
            m_misses.take(m_missed);
        note();
        return received == static_cast<int>(kSize);
    }

private:
    static constexpr std::size_t kSize = 64;
    static constexpr std::size_t kQueryRoom = 2048; // a longer datagram is no query

    struct Reply {
        Bytes query;
        ClientRequest request;
        QueryResponder::Response response;
        const UdpPeer* peer = nullptr;
        std::array<std::uint8_t, QueryResponder::kUdpReplyRoom> buffer;
    };

    void answer(std::size_t i, const std::shared_ptr<UdpSocket>& socket) {
        UdpPeer& peer = m_peers[i];
        const msghdr& header = m_receive[i].msg_hdr;
        peer.addressLength = static_cast<std::uint8_t>(header.msg_namelen);
        peer.controlLength = static_cast<std::uint8_t>(header.msg_controllen);
        if (header.msg_flags & MSG_TRUNC) {
            m_responder.counters().malformed.add();
            return;
        }
        Reply& reply = m_answers[m_replies];
        reply.query = {m_queries[i].data(), m_receive[i].msg_len};
        reply.request = {};
        reply.response =
            m_responder.respond(reply.query, Transport::Udp, reply.request, reply.buffer);
        switch (reply.response.outcome) {
        case QueryResponder::Outcome::Drop:
            return;
        case QueryResponder::Outcome::Miss:
            keepMiss(reply, peer, socket);
            return;
        case QueryResponder::Outcome::Reply:
            break;
        }
        reply.peer = &peer;
        m_sendParts[m_replies] = {reply.buffer.data(), reply.response.size};
        msghdr& send = m_send[m_replies].msg_hdr;
        send = {};
        send.msg_name = peer.address.data();
        send.msg_namelen = peer.addressLength;
        send.msg_iov = &m_sendParts[m_replies];
        send.msg_iovlen = 1;
        if (peer.controlLength) {
            send.msg_control = peer.control.data();
            send.msg_controllen = peer.controlLength;
        }
        ++m_replies;
    }

    void keepMiss(const Reply& reply, const UdpPeer& peer,
                  const std::shared_ptr<UdpSocket>& socket) {
        ClientQuery& miss = m_missed.emplace_back();
        miss.request = reply.request;
        const Bytes name = reply.request.name(reply.query);
        std::memcpy(miss.name.octets.data(), name.data(), name.size());
        miss.name.length = static_cast<std::uint8_t>(name.size());
        miss.transport = Transport::Udp;
        miss.sizeLimit = reply.response.sizeLimit;
        miss.arrivedMonotonic = m_responder.batchMonotonic();
        miss.arrivedUnix = m_responder.batchUnix();
        miss.client = peer.endpoint();
        miss.replyTo = UdpReturn{socket, peer};
    }

    void send(int descriptor) {
        std::size_t sent = 0;
        while (sent < m_replies) {
            const int count = ::sendmmsg(descriptor, &m_send[sent],
                                         static_cast<unsigned>(m_replies - sent), MSG_DONTWAIT);
            if (count > 0)
                sent += static_cast<std::size_t>(count);
            else if (errno == EAGAIN || errno == EWOULDBLOCK)
                return; // the client's system is full: datagrams may be lost
            else if (errno != EINTR)
                ++sent; // this one cannot be sent; the others can
        }
    }

    void note() {
        if (m_replies == 0)
            return;
        const std::int64_t now = monotonicMicros();
        for (std::size_t i = 0; i < m_replies; ++i) {
            const Reply& reply = m_answers[i];
            m_responder.record(reply.query, reply.request, reply.response,
                               Bytes(reply.buffer).first(reply.response.size), Transport::Udp,
                               reply.peer->endpoint(), now);
        }
    }

    QueryResponder& m_responder;
    MissSink& m_misses;
    std::array<mmsghdr, kSize> m_receive{};
    std::array<iovec, kSize> m_receiveParts{};
    std::array<UdpPeer, kSize> m_peers;
    std::array<std::array<std::uint8_t, kQueryRoom>, kSize> m_queries;
    std::array<mmsghdr, kSize> m_send{};
    std::array<iovec, kSize> m_sendParts{};
    std::array<Reply, kSize> m_answers;
    std::size_t m_replies = 0;
    std::vector<ClientQuery> m_missed;
};

UdpListener::UdpListener(std::unique_ptr<QueryResponder> responder, MissSink& misses,
                         std::vector<std::shared_ptr<UdpSocket>> sockets)
    : m_responder(std::move(responder))
    , m_misses(misses)
    , m_wakeDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_wanted(std::move(sockets))
    , m_thread([this] { run(); }) {}

UdpListener::~UdpListener() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    wake();
    m_thread.join();
    ::close(m_wakeDescriptor);
}

void UdpListener::setSockets(std::vector<std::shared_ptr<UdpSocket>> sockets) {
    {
        const std::lock_guard lock(m_mutex);
        m_wanted = std::move(sockets);
        m_changed = true;
    }
    wake();
}

void UdpListener::wake() const {
    const std::uint64_t one = 1;
    (void)!::write(m_wakeDescriptor, &one, sizeof one);
}

bool UdpListener::adoptSockets() {
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_changed, false))
        m_sockets = m_wanted;
    return !m_stopping;
}

void UdpListener::run() {
    constexpr int kBatchesInTurn = 16; // then the next socket
    const auto batch = std::make_unique<Batch>(*m_responder, m_misses);
    std::vector<pollfd> polled;
    while (adoptSockets()) {
        bool more = false;
        for (const auto& socket : m_sockets) {
            int turns = kBatchesInTurn;
            while (turns > 0 && batch->serve(socket))
                --turns;
            more |= turns == 0;
        }
        if (more)
            continue;
        polled.assign(1, {m_wakeDescriptor, POLLIN, 0});
        for (const auto& socket : m_sockets)
            polled.push_back({socket->descriptor(), POLLIN, 0});
        ::ppoll(polled.data(), polled.size(), nullptr, nullptr);
        std::uint64_t drained;
        if (polled[0].revents)
            (void)!::read(m_wakeDescriptor, &drained, sizeof drained);
    }
}

} // namespace sotto::engine
