// SPDX-License-Identifier: GPL-3.0-or-later
#include "soak_servers.h"

#include "soak_names.h"

#include <cstdio>
#include <cstdlib>

namespace sotto::test {
namespace {

constexpr char kName[] = "dot.soak.test";

LeafOptions goodLeaf() {
    LeafOptions leaf;
    leaf.dnsNames = {kName};
    return leaf;
}

} // namespace

SoakServers::SoakServers() {
    DotServer::Options options;
    options.keepsRecords = false;
    for (std::size_t i = 0; i < kCount; ++i) {
        m_servers.push_back(
            std::make_unique<DotServer>(goodIdentity(), soak_names::zones(), options));
        std::string error;
        if (m_servers.back()->start(&error))
            continue;
        std::fprintf(stderr, "a server of the soak does not start: %s\n", error.c_str());
        std::abort();
    }
}

engine::EngineConfig SoakServers::config() const {
    engine::EngineConfig config;
    engine::Endpoint listen;
    listen.address = *engine::IpAddress::parse("127.0.0.1");
    config.listen = {listen};
    config.cache.failureTtl = std::chrono::seconds(1);
    for (const auto& server : m_servers) {
        engine::UpstreamConfig upstream;
        upstream.addresses = {*engine::IpAddress::parse("127.0.0.1")};
        upstream.port = server->port();
        upstream.tlsName = kName;
        upstream.caPem = m_ca.certificatePem();
        config.upstreams.push_back(upstream);
    }
    return config;
}

Identity SoakServers::goodIdentity() const {
    return m_ca.issue(goodLeaf());
}

Identity SoakServers::badIdentity(unsigned kind) const {
    LeafOptions leaf = goodLeaf();
    if (kind == 0)
        leaf.dnsNames = {"another.test"};
    else if (kind == 1)
        leaf.validUntil = -std::chrono::minutes(1);
    else
        return ThrowawayCa().issue(leaf);
    return m_ca.issue(leaf);
}

} // namespace sotto::test
