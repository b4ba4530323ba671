// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfig = R"(
setLocal("127.0.0.1:{PORT}")
setACL("127.0.0.0/8")
setSecurityPollSuffix("")
setMaxTCPClientThreads(1)
{EACH}newServer({address="{ADDRESS}:{TLS_PORT}", tls="openssl", subjectName="{TLS_NAME}",
           validateCertificates=true, maxInFlight=1000, caStore="{CA}"}){CHECKED}
{END}getPool(""):setCache(newPacketCache(200000, {maxTTL=86400}))
)";

} // namespace

// It checks each second whether its upstreams are well; where there is only one, that would change
// nothing but the figures.
Peer dnsdist() {
    return {"dnsdist", "dnsdist", [](const PeerSite& site) {
                std::string config = kConfig;
                config.replace(config.find("{CHECKED}"), 9,
                               site.upstreams.size() > 1 ? "" : ":setUp()");
                return PeerSetup{{"/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C",
                                  site.write("dnsdist.conf", config)}};
            }};
}

} // namespace sotto::bench
