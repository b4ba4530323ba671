// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfig = R"(listen_addresses = ['127.0.0.1:{PORT}']
offline_mode = true
netprobe_timeout = 0
cache = true
cache_size = 200000
cache_max_ttl = 86400
max_clients = 10000
forwarding_rules = '{FOLDER}/forwarding.txt'
)";

} // namespace

// It encrypts by DNSCrypt or DNS over HTTPS only, so here it forwards in clear text, by a rule. It
// keeps no answers that came so.
Peer dnscryptProxy() {
    return {"dnscrypt-proxy",
            "dnscrypt-proxy",
            [](const PeerSite& site) {
                site.write("forwarding.txt", "example.com 127.0.0.1:{PLAIN_PORT}\n");
                return PeerSetup{{"/usr/sbin/dnscrypt-proxy", "-config",
                                  site.write("dnscrypt-proxy.toml", kConfig)},
                                 upstream::kPlain,
                                 {"GOMAXPROCS=1"}};
            },
            false,
            0,
            "keeps no answers that come in clear text, and cannot ask over TLS"};
}

} // namespace sotto::bench
