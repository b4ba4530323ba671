// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfig = R"(bind 127.0.0.1:{PORT}
bind-tcp 127.0.0.1:{PORT}
{EACH}server-tls {ADDRESS}:{TLS_PORT} -host-name {TLS_NAME} -tls-host-verify {TLS_NAME}
{END}ca-file {CA}
cache-size 200000
cache-persist no
prefetch-domain no
serve-expired no
speed-check-mode none
dualstack-ip-selection no
tcp-idle-time 120
rr-ttl-max 86400
log-level warn
log-file {FOLDER}/smartdns.log
audit-enable no
)";

} // namespace

Peer smartdns() {
    return {"smartdns", "smartdns", [](const PeerSite& site) {
                return PeerSetup{{"/usr/sbin/smartdns", "-f", "-x", "-p", "-", "-c",
                                  site.write("smartdns.conf", kConfig)}};
            }};
}

} // namespace sotto::bench
