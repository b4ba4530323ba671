// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "listen/client_query.h"
#include "listen/query_responder.h"
#include "listen/udp_socket.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <sys/socket.h>

namespace sotto::engine {

/// Datagrams that are read, answered and sent in one go each, with all buffers in place. Used by
/// one thread.
class UdpBatch {
public:
    static constexpr std::size_t kSize = 64;

    UdpBatch(QueryResponder& responder, MissSink& misses);

    /// Reads what waits at the socket, up to kSize datagrams, and serves it. True where there may
    /// be more.
    bool serve(const std::shared_ptr<UdpSocket>& socket);
    /// The sockets have changed: another one may stand where the last one stood in memory.
    void forgetSocket() { m_preparedFor = nullptr; }

private:
    // A longer datagram is no query. Both sizes are odd multiples of a cache line, so that the
    // beginnings of the buffers do not share few sets of the first-level cache.
    static constexpr std::size_t kQueryRoom = 33 * 64;
    static constexpr std::size_t kReplyRoom = 21 * 64;
    static_assert(kReplyRoom >= QueryResponder::kUdpReplyRoom);

    struct Reply {
        std::size_t query = 0; ///< which of the batch
        ClientRequest request;
        QueryResponder::Response response;
    };
    struct alignas(64) QueryBuffer {
        std::array<std::uint8_t, kQueryRoom> octets;
    };
    struct alignas(64) ReplyBuffer {
        std::array<std::uint8_t, kReplyRoom> octets;
    };

    void prepare(const UdpSocket& socket);
    void answer(std::size_t index, const std::shared_ptr<UdpSocket>& socket);
    void send(int descriptor);
    void note();
    Bytes queryOf(std::size_t index) const {
        return {m_queries[index].octets.data(), m_receive[index].msg_len};
    }

    QueryResponder& m_responder;
    MissSink& m_misses;
    const UdpSocket* m_preparedFor = nullptr;
    std::size_t m_used = 0; ///< headers that the last batch left changed

    std::array<mmsghdr, kSize> m_receive{};
    std::array<iovec, kSize> m_receiveParts{};
    std::array<UdpPeer, kSize> m_peers;
    std::array<mmsghdr, kSize> m_send{};
    std::array<iovec, kSize> m_sendParts{};
    std::array<Reply, kSize> m_replies;
    std::size_t m_replyCount = 0;
    std::vector<ClientQuery> m_missed;
    std::array<QueryBuffer, kSize> m_queries;
    std::array<ReplyBuffer, kSize> m_answers;
};

} // namespace sotto::engine
