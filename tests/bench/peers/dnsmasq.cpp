// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfig = R"(port={PORT}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
user=root
pid-file=
server=127.0.0.1#{PLAIN_PORT}
cache-size=200000
dns-forward-max=10000
)";

} // namespace

Peer dnsmasq() {
    return {"dnsmasq",
            "dnsmasq-base",
            [](const PeerSite& site) {
                return PeerSetup{{"/usr/sbin/dnsmasq", "--keep-in-foreground", "--log-facility=-",
                                  "-C", site.write("dnsmasq.conf", kConfig)},
                                 upstream::kPlain};
            },
            true,
            0,
            "sets the memory of its cache aside when it starts"};
}

} // namespace sotto::bench
