// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/choice_policy.h"
#include "upstream/upstream.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::engine {

/// The upstreams in force and the order in which a query tries them. Resolver thread only.
class UpstreamSet {
public:
    UpstreamSet(asio::io_context& context, Upstream::Hooks hooks);

    /// TLS settings for each upstream, made before anything changes. Upstreams with the same
    /// authorities share them.
    using TlsContexts = std::vector<std::pair<std::string, std::shared_ptr<TlsContext>>>;
    static Result<TlsContexts> makeContexts(const std::vector<UpstreamConfig>& configs);

    /// Puts these upstreams in force. Those that were there before keep connection and health.
    void set(const std::vector<UpstreamConfig>& configs, Policy policy, TlsContexts contexts);

    /// The upstreams in the order to try for one query.
    void order(std::vector<std::shared_ptr<Upstream>>& order);
    /// A failing upstream that is due for another try, beside what order() says; or null.
    std::shared_ptr<Upstream> dueForProbe() const;

    /// Connects to the first few, so that the first query need not wait; where they all fail, to
    /// the others, so that it is known whether anybody can be reached.
    void prepare();
    /// Whether upstreams may be connected to at all.
    void setActive(bool active);
    void retireConnections();
    void close();

    std::vector<UpstreamStatus> status() const;
    bool empty() const { return m_upstreams.empty(); }

private:
    void goOnPreparing();

    asio::io_context& m_context;
    Upstream::Hooks m_hooks;
    bool m_preparing = false; ///< until one connects or all were tried
    std::vector<std::shared_ptr<Upstream>> m_upstreams;
    ChoicePolicy m_policy{Policy::Fastest};
    Policy m_policyName = Policy::Fastest;
    TlsContexts m_contexts;
    std::uint32_t m_nextId = 1;
    std::vector<Candidate> m_candidates; ///< kept for their room
    std::vector<std::size_t> m_order;
};

} // namespace sotto::engine
