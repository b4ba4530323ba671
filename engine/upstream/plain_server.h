// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"
#include "upstream/pending_query.h"

#include <asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sotto::engine {

/// A server that is spoken to in clear text: over UDP, each query from a port and with an ID of its
/// own (RFC 5452), sent again where no answer comes, and over TCP where the answer does not fit
/// (RFC 7766 §5) or UDP is not wanted. Resolver thread only.
class PlainServer final : public PendingQuery::Holder {
public:
    /// Queries that may be under way; more are refused.
    static constexpr std::size_t kMaxInFlight = 512;

    struct Hooks {
        std::function<void(std::size_t count)> sent;
        std::function<void(AttemptOutcome, const std::string&)> failed;
    };

    /// Of the configuration the protocol, the addresses and the port count. The next address is
    /// used where one fails or is silent.
    PlainServer(asio::io_context& context, const UpstreamConfig& config, Hooks hooks);
    ~PlainServer();

    void setForward(const ForwardConfig& forward);
    void ask(PendingQuery& query);
    void release(PendingQuery& query) override;
    /// Ends everything; nobody hears of it.
    void close();

private:
    class Conversation;

    void leaveAddress(const IpAddress& address);
    void finished(Conversation& conversation, const UpstreamReply& reply);

    asio::io_context& m_context;
    UpstreamConfig m_config;
    Hooks m_hooks;
    ClientSubnet m_subnet;
    std::optional<IpAddress> m_sourceV4;
    std::optional<IpAddress> m_sourceV6;
    std::size_t m_address = 0; ///< the one in use
    std::vector<std::shared_ptr<Conversation>> m_conversations;
};

} // namespace sotto::engine
