// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

constexpr const char* kConfig = R"(options {
  directory "{FOLDER}";
  pid-file none;
  session-keyfile none;
  listen-on port {PORT} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion yes;
  allow-recursion { 127.0.0.0/8; };
  allow-query { 127.0.0.0/8; };
  dnssec-validation no;
  empty-zones-enable no;
  querylog no;
  prefetch 0;
  max-cache-size 512M;
  recursive-clients 10000;
  notify no;
  forward only;
  forwarders { {EACH}{ADDRESS} port {FORWARDER}; {END}};
};
controls { };
logging { category default { null; }; };
)";

constexpr const char* kTls = R"(tls bench { ca-file "{CA}"; remote-hostname "{TLS_NAME}"; };
)";

} // namespace

// Forwards over TLS from version 9.20 on, before in clear text.
Peer bind9() {
    return {"bind9", "bind9", [](const PeerSite& site) {
                const bool tls = site.isAtLeast(9, 20);
                std::string config = kConfig;
                config.replace(config.find("{FORWARDER}"), 11,
                               tls ? "{TLS_PORT} tls bench" : "{PLAIN_PORT}");
                if (tls)
                    config.insert(0, kTls);
                return PeerSetup{
                    {"/usr/sbin/named", "-f", "-n", "1", "-c", site.write("named.conf", config)},
                    tls ? upstream::kVerified : upstream::kPlain};
            }};
}

} // namespace sotto::bench
