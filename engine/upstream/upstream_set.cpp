// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream_set.h"

#include "observe/clocks.h"
#include "upstream/certificate_facts.h"

#include <asio/post.hpp>

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::size_t kPrepared = 4; // connections made before anybody asks

template <class Contexts>
auto findContext(Contexts& contexts, const std::string& caPem) {
    return std::find_if(contexts.begin(), contexts.end(),
                        [&](const auto& context) { return context.first == caPem; });
}

} // namespace

UpstreamSet::UpstreamSet(asio::io_context& context, Upstream::Hooks hooks)
    : m_context(context)
    , m_hooks(std::move(hooks)) {
    m_hooks.changed = [this, tell = std::move(m_hooks.changed)] {
        if (m_preparing)
            asio::post(m_context, [this] { goOnPreparing(); });
        tell();
    };
}

Result<UpstreamSet::TlsContexts>
UpstreamSet::makeContexts(const std::vector<UpstreamConfig>& configs) {
    TlsContexts contexts;
    for (const UpstreamConfig& config : configs) {
        for (const std::string& pin : config.pins) {
            if (!isPin(pin))
                return Error{ErrorCode::InvalidArgument, config.toString(),
                             "a pin is written sha256/ and 44 characters of Base64"};
        }
        if (findContext(contexts, config.caPem) != contexts.end())
            continue;
        auto context = TlsContext::create(config.caPem);
        if (!context)
            return Error{context.error().code, config.toString(), context.error().message()};
        contexts.emplace_back(config.caPem, context.take());
    }
    return contexts;
}

void UpstreamSet::set(const std::vector<UpstreamConfig>& configs, Policy policy,
                      TlsContexts contexts) {
    if (policy != m_policyName) {
        m_policy = ChoicePolicy(policy);
        m_policyName = policy;
    }
    std::vector<std::shared_ptr<Upstream>> fresh;
    for (const UpstreamConfig& config : configs) {
        const auto old =
            std::find_if(m_upstreams.begin(), m_upstreams.end(), [&](const auto& upstream) {
                return upstream && upstream->config() == config;
            });
        if (old != m_upstreams.end())
            fresh.push_back(std::exchange(*old, nullptr));
        else
            fresh.push_back(std::make_shared<Upstream>(m_context, m_nextId++, config,
                                                       findContext(contexts, config.caPem)->second,
                                                       m_hooks));
    }
    for (const auto& gone : m_upstreams) {
        if (gone) {
            gone->setActive(false);
            gone->retireConnection(); // what is in flight on it is still answered
        }
    }
    m_upstreams = std::move(fresh);
    m_contexts = std::move(contexts);
}

void UpstreamSet::order(std::vector<std::shared_ptr<Upstream>>& order) {
    m_candidates.clear();
    for (const auto& upstream : m_upstreams)
        m_candidates.push_back({upstream->isFailing(), upstream->smoothedRttMicros(), 0});
    m_policy.order(m_candidates, 0, m_order);
    order.clear();
    for (const std::size_t index : m_order)
        order.push_back(m_upstreams[index]);
}

std::shared_ptr<Upstream> UpstreamSet::dueForProbe() const {
    const std::int64_t now = monotonicMicros();
    const auto due =
        std::find_if(m_upstreams.begin(), m_upstreams.end(),
                     [&](const auto& upstream) { return upstream->isDueForProbe(now); });
    return due != m_upstreams.end() ? *due : nullptr;
}

void UpstreamSet::prepare() {
    m_preparing = true;
    for (std::size_t i = 0; i < std::min(kPrepared, m_upstreams.size()); ++i)
        m_upstreams[i]->prepare();
}

void UpstreamSet::goOnPreparing() {
    if (!m_preparing)
        return;
    const auto any = [this](bool (Upstream::*holds)() const) {
        return std::any_of(m_upstreams.begin(), m_upstreams.end(),
                           [&](const auto& upstream) { return (*upstream.*holds)(); });
    };
    if (any(&Upstream::hasUsableConnection)) {
        m_preparing = false;
        return;
    }
    if (any(&Upstream::isConnecting))
        return;
    m_preparing = false;
    for (const auto& upstream : m_upstreams) {
        if (!upstream->wasTried())
            upstream->prepare();
    }
}

void UpstreamSet::setActive(bool active) {
    for (const auto& upstream : m_upstreams)
        upstream->setActive(active);
}

void UpstreamSet::retireConnections() {
    m_preparing = false; // or the end of one would make others connect
    for (const auto& upstream : m_upstreams)
        upstream->retireConnection();
}

void UpstreamSet::close() {
    for (const auto& upstream : m_upstreams)
        upstream->close();
    m_upstreams.clear();
}

std::vector<UpstreamStatus> UpstreamSet::status() const {
    std::vector<UpstreamStatus> all;
    for (const auto& upstream : m_upstreams)
        all.push_back(upstream->status());
    return all;
}

} // namespace sotto::engine
