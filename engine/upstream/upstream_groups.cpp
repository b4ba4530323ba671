// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream_groups.h"

#include "upstream/certificate_facts.h"

#include <asio/post.hpp>

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::size_t kPrepared = 4; // connected to before anybody asks
constexpr std::size_t kMaxLookUps = 64;

bool sharesContext(const UpstreamConfig& left, const UpstreamConfig& right) {
    return left.caPem == right.caPem && left.clientCertificatePem == right.clientCertificatePem &&
           left.clientKeyPem == right.clientKeyPem;
}

template <class Contexts>
auto findContext(Contexts& contexts, const UpstreamConfig& config) {
    return std::find_if(contexts.begin(), contexts.end(),
                        [&](const auto& context) { return sharesContext(context.first, config); });
}

Error wrongUpstream(const UpstreamConfig& config, std::string detail) {
    return {ErrorCode::InvalidArgument, config.toString(), std::move(detail)};
}

Result<void> check(const UpstreamConfig& config) {
    for (const std::string& pin : config.pins) {
        if (!isPin(pin))
            return wrongUpstream(config, "a pin is written sha256/ and 44 characters of Base64");
    }
    if (config.addresses.empty() && (config.tlsName.empty() || !config.isEncrypted()))
        return wrongUpstream(config, "it has neither an address nor a name to look up");
    if (config.addresses.size() > UpstreamConfig::kMaxAddresses)
        return wrongUpstream(config, "it has too many addresses");
    return {};
}

} // namespace

UpstreamGroups::UpstreamGroups(asio::io_context& context, Hooks hooks)
    : m_context(context)
    , m_hooks(std::move(hooks))
    , m_surroundings{
          context, m_sessions,
          [this](const std::string& name, std::uint32_t forUpstream, AddressBook::Handler handler) {
              lookUp(name, forUpstream, std::move(handler));
          },
          [this] {
              if (m_preparing)
                  asio::post(m_context, [this] { goOnPreparing(); });
              m_hooks.changed();
          },
          m_hooks.queriesSent}
    , m_main(std::make_shared<UpstreamSet>(UpstreamSet::List(), Policy::Fastest, m_forward)) {}

Result<UpstreamGroups::TlsContexts> UpstreamGroups::makeContexts(const EngineConfig& config) {
    TlsContexts contexts;
    const auto add = [&](const UpstreamConfig& upstream) -> Result<void> {
        if (const auto checked = check(upstream); !checked)
            return checked;
        if (!upstream.isEncrypted() || findContext(contexts, upstream) != contexts.end())
            return {};
        auto context = TlsContext::create(upstream);
        if (!context)
            return Error{context.error().code, upstream.toString(), context.error().message()};
        contexts.emplace_back(upstream, context.take());
        return {};
    };
    for (const UpstreamConfig& upstream : config.upstreams) {
        if (!upstream.isEncrypted())
            return wrongUpstream(upstream, "servers in clear text are for routes only");
        if (const auto added = add(upstream); !added)
            return added.error();
    }
    for (const Route& route : config.routes) {
        for (const UpstreamConfig& upstream : route.upstreams) {
            if (const auto added = add(upstream); !added)
                return added.error();
        }
    }
    return contexts;
}

template <class Visitor>
void UpstreamGroups::visit(Visitor visitor) const {
    for (const auto& upstream : m_main->upstreams())
        visitor(*upstream, RouteTable::kNone);
    for (std::size_t i = 0; i < m_ofRoutes.size(); ++i) {
        for (const auto& upstream : m_ofRoutes[i]->upstreams())
            visitor(*upstream, static_cast<std::uint8_t>(i));
    }
}

void UpstreamGroups::set(const EngineConfig& config, std::shared_ptr<const RouteTable> routes,
                         TlsContexts contexts) {
    UpstreamSet::List old = m_main->upstreams();
    for (const auto& set : m_ofRoutes)
        old.insert(old.end(), set->upstreams().begin(), set->upstreams().end());
    const auto listOf = [&](const std::vector<UpstreamConfig>& configs) {
        UpstreamSet::List list;
        for (const UpstreamConfig& one : configs) {
            const auto known = std::find_if(old.begin(), old.end(), [&](const auto& upstream) {
                return upstream && upstream->config() == one;
            });
            if (known != old.end()) {
                list.push_back(std::exchange(*known, nullptr));
                list.back()->setForward(config.forward);
                continue;
            }
            const auto context = findContext(contexts, one);
            list.push_back(
                std::make_shared<Upstream>(m_surroundings, m_nextId++, one, config.forward,
                                           context != contexts.end() ? context->second : nullptr));
            list.back()->setActive(m_active);
        }
        return list;
    };
    m_main = std::make_shared<UpstreamSet>(listOf(config.upstreams), config.policy, config.forward);
    m_ofRoutes.clear();
    for (const Route& route : config.routes)
        m_ofRoutes.push_back(
            std::make_shared<UpstreamSet>(listOf(route.upstreams), route.policy, config.forward));
    for (const auto& gone : old) {
        if (gone) {
            gone->setActive(false);
            gone->retireConnections(); // what is in flight on them is still answered
        }
    }
    m_forward = config.forward;
    m_routes = std::move(routes);
}

const std::shared_ptr<UpstreamSet>& UpstreamGroups::groupFor(Bytes name, std::uint8_t& route) {
    route = m_routes ? m_routes->find(name) : RouteTable::kNone;
    return route == RouteTable::kNone ? m_main : m_ofRoutes[route];
}

void UpstreamGroups::prepare() {
    m_preparing = true;
    const auto& upstreams = m_main->upstreams();
    for (std::size_t i = 0; i < std::min(kPrepared, upstreams.size()); ++i)
        upstreams[i]->prepare();
}

void UpstreamGroups::goOnPreparing() {
    if (!m_preparing)
        return;
    const auto any = [this](bool (Upstream::*holds)() const) {
        return std::any_of(m_main->upstreams().begin(), m_main->upstreams().end(),
                           [&](const auto& upstream) { return (*upstream.*holds)(); });
    };
    if (any(&Upstream::hasUsableConnection)) {
        m_preparing = false;
        return;
    }
    if (any(&Upstream::isConnecting))
        return;
    m_preparing = false;
    for (const auto& upstream : m_main->upstreams()) {
        if (!upstream->wasTried())
            upstream->prepare();
    }
}

/// By the encrypted upstreams for all names that have addresses of their own, so that no two wait
/// for each other.
void UpstreamGroups::lookUp(const std::string& name, std::uint32_t forUpstream,
                            AddressBook::Handler handler) {
    std::erase_if(m_lookUps, [](const auto& lookUp) { return lookUp->isOver(); });
    UpstreamSet::List asked;
    for (const bool failing : {false, true}) {
        for (const auto& upstream : m_main->upstreams()) {
            if (upstream->id() != forUpstream && !upstream->config().addresses.empty() &&
                upstream->isFailing() == failing)
                asked.push_back(upstream);
        }
    }
    auto lookUp = std::make_shared<NameLookUp>(m_context, name, std::move(asked),
                                               m_forward.bootstrap, m_forward, std::move(handler));
    m_lookUps.push_back(lookUp);
    if (m_lookUps.size() > kMaxLookUps)
        m_lookUps.front()->giveUp();
    lookUp->start();
}

void UpstreamGroups::setActive(bool active) {
    m_active = active;
    visit([&](Upstream& upstream, std::uint8_t) { upstream.setActive(active); });
}

void UpstreamGroups::retireConnections() {
    m_preparing = false; // or the end of one would make others connect
    visit([](Upstream& upstream, std::uint8_t) {
        upstream.forgetTrouble();
        upstream.retireConnections();
    });
}

void UpstreamGroups::close() {
    for (const auto& lookUp : m_lookUps)
        lookUp->close();
    m_lookUps.clear();
    visit([](Upstream& upstream, std::uint8_t) { upstream.close(); });
    m_ofRoutes.clear();
    m_main = std::make_shared<UpstreamSet>(UpstreamSet::List(), Policy::Fastest, m_forward);
}

std::vector<UpstreamStatus> UpstreamGroups::status() const {
    std::vector<UpstreamStatus> all;
    visit([&](const Upstream& upstream, std::uint8_t route) {
        all.push_back(upstream.status());
        all.back().route = route;
    });
    return all;
}

} // namespace sotto::engine
