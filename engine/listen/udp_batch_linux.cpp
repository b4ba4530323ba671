// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_batch_linux.h"

#include "listen/udp_socket_linux.h"

#include <cerrno>

namespace sotto::engine {

UdpBatch::UdpBatch(QueryResponder& responder, MissSink& misses)
    : m_responder(responder)
    , m_misses(misses) {
    m_missed.reserve(kSize);
    for (std::size_t i = 0; i < kSize; ++i) {
        m_receiveParts[i] = {m_queries[i].octets.data(), kQueryRoom};
        msghdr& receive = m_receive[i].msg_hdr;
        receive.msg_name = m_peers[i].address.data();
        receive.msg_iov = &m_receiveParts[i];
        receive.msg_iovlen = 1;
        msghdr& send = m_send[i].msg_hdr;
        send.msg_iov = &m_sendParts[i];
        send.msg_iovlen = 1;
    }
}

/// Gives the headers that the system wrote to their first state.
void UdpBatch::prepare(const UdpSocket& socket) {
    const std::size_t count = m_preparedFor == &socket ? m_used : kSize;
    for (std::size_t i = 0; i < count; ++i) {
        msghdr& header = m_receive[i].msg_hdr;
        header.msg_namelen = static_cast<socklen_t>(m_peers[i].address.size());
        header.msg_control = socket.isWildcard() ? m_peers[i].control.data() : nullptr;
        header.msg_controllen = socket.isWildcard() ? m_peers[i].control.size() : 0;
    }
    m_preparedFor = &socket;
    m_used = 0;
}

bool UdpBatch::serve(const std::shared_ptr<UdpSocket>& socket) {
    prepare(*socket);
    const int descriptor = socket->system().descriptor;
    const int received = ::recvmmsg(descriptor, m_receive.data(), kSize, MSG_DONTWAIT, nullptr);
    if (received <= 0)
        return received < 0 && errno == EINTR;
    m_used = static_cast<std::size_t>(received);
    m_responder.beginBatch();
    m_replyCount = 0;
    for (std::size_t i = 0; i < m_used; ++i)
        answer(i, socket);
    if (m_replyCount > 0)
        send(descriptor);
    if (!m_missed.empty())
        m_misses.take(m_missed);
    if (m_replyCount > 0)
        note();
    return m_used == kSize;
}

void UdpBatch::answer(std::size_t index, const std::shared_ptr<UdpSocket>& socket) {
    UdpPeer& peer = m_peers[index];
    const msghdr& header = m_receive[index].msg_hdr;
    peer.addressLength = static_cast<std::uint8_t>(header.msg_namelen);
    peer.controlLength = static_cast<std::uint8_t>(header.msg_controllen);
    if (header.msg_flags & MSG_TRUNC) {
        m_responder.counters().malformed.add();
        return;
    }
    const Bytes query = queryOf(index);
    Reply& reply = m_replies[m_replyCount];
    reply.query = index;
    reply.request = {};
    MutableBytes room(m_answers[m_replyCount].octets);
    reply.response = m_responder.respond(query, Transport::Udp, reply.request,
                                         room.first(QueryResponder::kUdpReplyRoom));
    if (reply.response.outcome == QueryResponder::Outcome::Drop)
        return;
    if (reply.response.outcome == QueryResponder::Outcome::Miss) {
        ClientQuery& miss = m_missed.emplace_back(
            m_responder.missOf(query, reply.request, reply.response, Transport::Udp));
        miss.client = peer.endpoint();
        miss.replyTo = UdpReturn{socket, peer};
        return;
    }
    if (reply.response.refresh)
        m_missed.push_back(m_responder.refreshOf(query, reply.request));
    m_sendParts[m_replyCount] = {room.data(), reply.response.size};
    msghdr& send = m_send[m_replyCount].msg_hdr;
    send.msg_name = peer.address.data();
    send.msg_namelen = peer.addressLength;
    send.msg_control = peer.controlLength ? peer.control.data() : nullptr;
    send.msg_controllen = peer.controlLength;
    ++m_replyCount;
}

void UdpBatch::send(int descriptor) {
    std::size_t sent = 0;
    while (sent < m_replyCount) {
        const int count = ::sendmmsg(descriptor, &m_send[sent],
                                     static_cast<unsigned>(m_replyCount - sent), MSG_DONTWAIT);
        if (count > 0)
            sent += static_cast<std::size_t>(count);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return; // the client's system is full: datagrams may be lost
        else if (errno != EINTR)
            ++sent; // this one cannot be sent; the others can
    }
}

void UdpBatch::note() {
    const std::uint32_t duration = m_responder.microsInBatch();
    std::uint64_t hits = 0;
    for (std::size_t i = 0; i < m_replyCount; ++i)
        hits += m_replies[i].response.source != AnswerSource::Local;
    if (m_responder.recordsQueries()) {
        for (std::size_t i = 0; i < m_replyCount; ++i) {
            const Reply& reply = m_replies[i];
            m_responder.record(queryOf(reply.query), reply.request, reply.response,
                               Bytes(m_answers[i].octets).first(reply.response.size),
                               Transport::Udp, m_peers[reply.query].endpoint(), duration);
        }
    }
    m_responder.endBatch(hits, duration);
}

} // namespace sotto::engine
