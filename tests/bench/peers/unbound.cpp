// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfig = R"(server:
  interface: 127.0.0.1@{PORT}
  username: ""
  chroot: ""
  directory: "{FOLDER}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  module-config: "iterator"
  do-not-query-localhost: no
  msg-cache-size: 128m
  rrset-cache-size: 128m
  num-queries-per-thread: 4096
  outgoing-range: 4096
  incoming-num-tcp: 64
  outgoing-num-tcp: 64
  max-reuse-tcp-queries: 1000
  tls-cert-bundle: "{CA}"
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-tls-upstream: yes
{EACH}  forward-addr: {ADDRESS}@{TLS_PORT}#{TLS_NAME}
{END})";

} // namespace

Peer unbound() {
    return {"unbound", "unbound", [](const PeerSite& site) {
                return PeerSetup{
                    {"/usr/sbin/unbound", "-d", "-c", site.write("unbound.conf", kConfig)}};
            }};
}

} // namespace sotto::bench
