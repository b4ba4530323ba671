// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/query_record.h"
#include "listen/udp_socket.h"
#include "wire/client_request.h"
#include "wire/client_subnet.h"
#include "wire/wire_name.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace sotto::engine {

/// Where the answer to one query goes when it did not come as a datagram. Resolver thread only.
class ReplySink {
public:
    virtual ~ReplySink() = default;
    /// Called exactly once a query that was handed over with this sink.
    virtual void reply(Bytes message, const QueryRecord& record) = 0;
};

struct UdpReturn {
    std::shared_ptr<UdpSocket> socket;
    UdpPeer peer;
};

/// Nobody waits: a kept answer is asked for anew.
struct RefreshOnly {};

using ReplyTo = std::variant<RefreshOnly, UdpReturn, std::shared_ptr<ReplySink>>;

/// A question that the cache could not answer, with all that its answer will need.
struct ClientQuery {
    ClientRequest request;
    WireName name; ///< as the client spelt it
    Transport transport = Transport::Udp;
    std::optional<SubnetOption> subnet; ///< that it sent, where it is passed on (RFC 7871)
    std::size_t sizeLimit = 512;        ///< octets that the answer may have
    std::int64_t arrived = 0;           ///< boot clock, microseconds
    std::int64_t arrivedUnix = 0;
    Endpoint client;
    ReplyTo replyTo;

    bool isRefresh() const { return std::holds_alternative<RefreshOnly>(replyTo); }
};

/// Takes over questions that missed the cache. Implemented by the miss path; may be called from
/// any thread; the vector is left empty.
class MissSink {
public:
    virtual ~MissSink() = default;
    virtual void take(std::vector<ClientQuery>& misses) = 0;
};

} // namespace sotto::engine
