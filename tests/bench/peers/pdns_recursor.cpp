// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfigOfVersion4 = R"(local-address=127.0.0.1
local-port={PORT}
forward-zones-recurse=.={EACH}{ADDRESS}:{TLS_PORT};{END}
dont-query=
dnssec=off
threads=1
pdns-distributes-queries=no
max-cache-entries=300000
max-packetcache-entries=300000
max-mthreads=4096
security-poll-suffix=
hint-file=no
daemon=no
socket-dir={FOLDER}
quiet=yes
)";

constexpr const char* kConfig = R"(incoming:
  listen: ['127.0.0.1:{PORT}']
  pdns_distributes_queries: false
outgoing:
  dont_query: []
dnssec:
  validation: 'off'
recursor:
  threads: 1
  tcp_threads: 1
  max_mthreads: 4096
  security_poll_suffix: ''
  hint_file: 'no'
  daemon: false
  socket_dir: '{FOLDER}'
  forward_zones_recurse:
    - zone: '.'
      forwarders:
{EACH}        - '{ADDRESS}:{TLS_PORT}'
{END}recordcache:
  max_entries: 300000
packetcache:
  max_entries: 300000
logging:
  quiet: true
)";

} // namespace

// It asks servers at port 853 over TLS, and by default checks no certificate.
Peer pdnsRecursor() {
    return {"pdns-recursor", "pdns-recursor", [](const PeerSite& site) {
                if (site.isAtLeast(5, 0))
                    site.write("recursor.yml", kConfig);
                else
                    site.write("recursor.conf", kConfigOfVersion4);
                return PeerSetup{
                    {"/usr/sbin/pdns_recursor", "--config-dir=" + site.folder.string()},
                    upstream::kUnverified};
            }};
}

} // namespace sotto::bench
