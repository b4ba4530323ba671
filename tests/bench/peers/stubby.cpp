// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfig = R"(resolution_type: GETDNS_RESOLUTION_STUB
dns_transport_list:
  - GETDNS_TRANSPORT_TLS
tls_authentication: GETDNS_AUTHENTICATION_REQUIRED
tls_ca_file: "{CA}"
idle_timeout: 10000
appdata_dir: "{FOLDER}"
listen_addresses:
  - 127.0.0.1@{PORT}
upstream_recursive_servers:
{EACH}  - address_data: {ADDRESS}
    tls_port: {TLS_PORT}
    tls_auth_name: "{TLS_NAME}"
{END})";

} // namespace

// It keeps no answers, so only its start and its memory compare.
Peer stubby() {
    return {"stubby",
            "stubby",
            [](const PeerSite& site) {
                return PeerSetup{{"/usr/bin/stubby", "-C", site.write("stubby.yml", kConfig)}};
            },
            false,
            0,
            "keeps no answers"};
}

} // namespace sotto::bench
